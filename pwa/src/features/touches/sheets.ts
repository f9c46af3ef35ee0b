/** Address of the plan sheet. */
import { sheetAddress } from "../../ui/index";

/** For a touch to change, or a new one, perhaps with somebody in mind. `mend` is the parked item it replaces. */
export const touchSheet = (customerId: string, pk: string | null = null, contactId: string | null = null, mend: string | null = null): string =>
  sheetAddress("touch", { customer: customerId, id: pk, contact: contactId, mend });

/** All days that are kept just now. */
export const occasionsPath = "/occasions";
