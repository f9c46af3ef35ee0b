/** Where a half-filled plan goes on: its customer, and the address of its sheet. */
import type { Fields } from "../../store";
import { text } from "../../ui/values";
import { touchSheet } from "./sheets";

const PLANNED = "touch:";
const NEW = "touch-new:";

export const touchDraftKey = (customerId: string, pk: string | null): string => (pk === null ? NEW + customerId : PLANNED + pk);

/** Null for drafts of another kind. */
export function touchDraftTarget(key: string, value: Fields): { customerId: string; href: string } | null {
  if (key.startsWith(NEW)) {
    const customerId = key.slice(NEW.length);
    return { customerId, href: touchSheet(customerId) };
  }
  if (!key.startsWith(PLANNED)) return null;
  const editing = value["editing"] as { base?: Fields } | null | undefined;
  const customerId = text(editing?.base ?? {}, "customer_id") || text(value, "customerId");
  return { customerId, href: touchSheet(customerId, key.slice(PLANNED.length)) };
}
