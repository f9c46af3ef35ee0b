/** Finds customers among thousands in memory: by name in any script, phone digits, pinyin initials, or a person's name. */
import { signal } from "@preact/signals";
import type { Fields } from "../../store";
import type { FoldTable, Folder } from "./fold";
import type { ContactLight, CustomerLight } from "./model";

/** Folding and its table arrive with the first search box, not with the first screen. */
export const folder = signal<Folder | null>(null);

export async function loadFolder(): Promise<void> {
  if (folder.value !== null) return;
  const [{ makeFolder }, table] = await Promise.all([import("./fold"), import("../../../../config/catalogs/fold.json")]);
  folder.value = makeFolder(table.default as FoldTable);
}

/** Ids of the customers found; null when the query is empty and everything matches. */
export function found(query: string, known: Folder, customers: readonly CustomerLight[], contacts: readonly ContactLight[]): Set<string> | null {
  const parts = known.query(query);
  if (parts.length === 0) return null;
  const keyOf = (own: string, unfolded: Fields | null, fold: (fields: Fields) => string): string => (unfolded === null ? own : `${own}|${fold(unfolded)}`);
  const hits = new Set<string>();
  for (const each of customers) if (known.matches(parts, keyOf(each.fold, each.unfolded, known.customerKey))) hits.add(each.pk);
  for (const each of contacts) if (known.matches(parts, keyOf(each.fold, each.unfolded, known.contactKey))) hits.add(each.customerId);
  return hits;
}
