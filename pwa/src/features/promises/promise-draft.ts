/** Where a half-written promise goes on: its customer, and the address of its sheet. */
import type { Fields } from "../../store";
import { text } from "../../ui/values";
import { promiseSheet } from "./sheets";

const DRAFT = "promise:";

/** A promise that is there has a draft of its own, a new one a draft for each customer. */
export const promiseDraftKey = (customerId: string, pk: string | null): string => DRAFT + (pk ?? `new:${customerId}`);

/** Null for drafts of another kind. */
export function promiseDraftTarget(key: string, value: Fields): { customerId: string; href: string } | null {
  if (!key.startsWith(DRAFT)) return null;
  const [customerId, name] = [text(value, "customerId"), key.slice(DRAFT.length)];
  return { customerId, href: promiseSheet(customerId, name.startsWith("new:") ? null : name) };
}
