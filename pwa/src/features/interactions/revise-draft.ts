/** Where a half-typed correction goes on: apart from the form, which no first screen needs. */
import type { Fields } from "../../store";
import { sheetAddress } from "../../ui/index";
import { text } from "../../ui/values";

/** Opens the sheet for one's own log. `mend` is the parked item that the correction replaces. */
export const reviseSheet = (customerId: string, pk: string, mend: string | null = null): string => sheetAddress("revise", { customer: customerId, id: pk, mend });

const DRAFT = "revise:";

export const reviseDraftKey = (pk: string): string => DRAFT + pk;

/** Null for drafts of another kind. */
export function reviseDraftTarget(key: string, value: Fields): { customerId: string; href: string } | null {
  if (!key.startsWith(DRAFT)) return null;
  const customerId = text(value, "customerId");
  return { customerId, href: reviseSheet(customerId, key.slice(DRAFT.length)) };
}
