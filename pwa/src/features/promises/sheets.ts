/** Address of the promise sheet. */
import { sheetAddress } from "../../ui/index";

/** For a promise to look at and change, or a new one. `mend` is the parked item that it replaces. */
export const promiseSheet = (customerId: string, pk: string | null = null, mend: string | null = null): string => sheetAddress("promise", { customer: customerId, id: pk, mend });
