/** Addresses of the sheets that edit a customer and its parts; without a pk they make a new one. `mend` is the parked item they replace. */
import { sheetAddress } from "../../ui/index";

export const customerSheet = (pk: string, mend: string | null = null): string => sheetAddress("customer", { id: pk, mend });
/** For a customer who is not known yet; `name` is what was searched for in vain. Each name has a draft of its own. */
export const newCustomerSheet = (name = ""): string => sheetAddress("customer", { name });
export const contactSheet = (customerId: string, pk: string | null = null, mend: string | null = null): string => sheetAddress("contact", { customer: customerId, id: pk, mend });
export const siteSheet = (customerId: string, pk: string | null = null, mend: string | null = null): string => sheetAddress("site", { customer: customerId, id: pk, mend });
export const anniversarySheet = (customerId: string, pk: string | null = null, mend: string | null = null): string => sheetAddress("anniversary", { customer: customerId, id: pk, mend });
