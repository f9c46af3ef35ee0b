/** Finding customers by a few letters: apart from the lists, since no first screen searches. */
import { computed } from "@preact/signals";
import { contacts, customers, prepareContacts } from "./lists";
import type { CustomerLight } from "./model";
import { openedAt } from "./recents";
import { folder, found, loadFolder } from "./search";

/** Fetches what search needs; call it when a search box appears. */
export function prepareSearch(): void {
  void loadFolder();
  prepareContacts();
}

/** Makes characters comparable as search does, "" for one that does not count; null until `prepareSearch` has fetched how. */
export const foldCharacter = computed(() => {
  const known = folder.value;
  return known === null ? null : (character: string): string => known.text(character);
});

/** Customers found by a query, the likely ones and those opened lately first; an empty query finds all. */
export function findCustomers(query: string, likely: readonly string[]): CustomerLight[] {
  const all = customers.value ?? [];
  const hits = folder.value === null ? null : found(query, folder.value, all, contacts.value);
  const rank = new Map(likely.map((pk, at) => [pk, at]));
  const weight = ({ pk }: CustomerLight): number => rank.get(pk) ?? (openedAt(pk) > 0 ? 1000 : 2000);
  return all.filter(({ pk }) => hits === null || hits.has(pk)).sort((a, b) => weight(a) - weight(b) || openedAt(b.pk) - openedAt(a.pk));
}
