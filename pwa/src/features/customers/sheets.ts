/** Addresses of the sheets that edit a customer and its parts; without a pk they make a new one. `mend` is the parked item they replace. */
import { sheetAddress } from "../../ui/index";

export const customerSheet = (pk: string, mend: string | null = null): string => sheetAddress("customer", { id: pk, mend });
export const contactSheet = (customerId: string, pk: string | null = null, mend: string | null = null): string => sheetAddress("contact", { customer: customerId, id: pk, mend });
export const siteSheet = (customerId: string, pk: string | null = null, mend: string | null = null): string => sheetAddress("site", { customer: customerId, id: pk, mend });
