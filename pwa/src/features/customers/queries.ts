/** Reads of customers that screens share: the light list in memory, and the rows of one customer. */
import { computed, signal } from "@preact/signals";
import { getChildren, getRow, lightList, useLive, type LightList, type Row, type Store } from "../../store";
import { openedAt } from "./recents";
import { folder, found, loadFolder } from "./search";
import { byInfluence, callNumber, contactLightOf, contactOf, lightOf, lineLink, mailLink, mapLink, siteOf, telLink, visitingFirst, type Contact, type ContactLight, type CustomerLight, type Site } from "./model";

export { callNumber, lineLink, mailLink, mapLink, telLink, type Contact, type ContactLight, type CustomerLight, type Site };

interface Lists {
  readonly store: Store;
  readonly customers: LightList<CustomerLight>;
  /** Only read when somebody searches: Today must not wait for thousands of names. */
  readonly contacts: LightList<ContactLight> | null;
}

const lists = signal<Lists | null>(null);

/** Keeps the light lists in step with the database; called once for each open store. Returns how to stop. */
export function keepCustomers(store: Store): () => void {
  lists.value = { store, customers: lightList(store, "customer", lightOf), contacts: null };
  return () => {
    lists.value?.customers.close();
    lists.value?.contacts?.close();
    lists.value = null;
  };
}

/** Fetches what search needs; call it when a search box appears. */
export function prepareSearch(): void {
  void loadFolder();
  prepareContacts();
}

/** Reads every contact, once. */
export function prepareContacts(): void {
  const open = lists.value;
  if (open !== null && open.contacts === null) lists.value = { ...open, contacts: lightList(open.store, "contact", contactLightOf) };
}

/** Every customer on this device; undefined until the first read has ended. */
export const customers = computed<readonly CustomerLight[] | undefined>(() => lists.value?.customers.items.value ?? undefined);

const NOBODY: readonly ContactLight[] = [];

export const hasContacts = computed(() => lists.value?.contacts?.items.value != null);

/** Every contact on this device, for search and birthdays. */
export const contacts = computed<readonly ContactLight[]>(() => lists.value?.contacts?.items.value ?? NOBODY);

/** The few that Today names before all are read. */
const named = signal<readonly CustomerLight[]>([]);

export const nameCustomers = (few: readonly CustomerLight[]): void => void (named.value = few);

const byPk = computed(() => new Map((customers.value ?? named.value).map((customer) => [customer.pk, customer])));

export const customerOf = (pk: string): CustomerLight | null => byPk.value.get(pk) ?? null;

/** Makes characters comparable as search does, "" for one that does not count; null until `prepareSearch` has fetched how. */
export const foldCharacter = computed(() => {
  const known = folder.value;
  return known === null ? null : (character: string): string => known.text(character);
});

export const useCustomerRow = (store: Store, pk: string): Row | null | undefined => useLive(() => getRow(store, "customer", pk), [store, pk]);

export function useContacts(store: Store, customerId: string): readonly Contact[] | undefined {
  return useLive(async () => (await getChildren(store, "contact", customerId)).map(contactOf).sort(byInfluence), [store, customerId]);
}

export function useSites(store: Store, customerId: string): readonly Site[] | undefined {
  return useLive(async () => (await getChildren(store, "site", customerId)).map(siteOf).sort(visitingFirst), [store, customerId]);
}

/** Where the customer's sites are, as far as anybody knows. */
export async function sitePoints(store: Store, customerId: string): Promise<{ latE7: number; lonE7: number }[]> {
  const sites = (await getChildren(store, "site", customerId)).map(siteOf);
  return sites.flatMap(({ latE7, lonE7 }) => (latE7 === null || lonE7 === null ? [] : [{ latE7, lonE7 }]));
}

export const customersPath = "/customers";
export const customerPath = (pk: string): string => `/customers/${pk}`;

export { editDraftTarget } from "./edit-draft";
export { anniversarySheet, contactSheet, customerSheet, newCustomerSheet, siteSheet } from "./sheets";

/** Customers found by a query, the likely ones and those opened lately first; an empty query finds all. */
export function findCustomers(query: string, likely: readonly string[]): CustomerLight[] {
  const all = customers.value ?? [];
  const hits = folder.value === null ? null : found(query, folder.value, all, contacts.value);
  const rank = new Map(likely.map((pk, at) => [pk, at]));
  const weight = ({ pk }: CustomerLight): number => rank.get(pk) ?? (openedAt(pk) > 0 ? 1000 : 2000);
  return all.filter(({ pk }) => hits === null || hits.has(pk)).sort((a, b) => weight(a) - weight(b) || openedAt(b.pk) - openedAt(a.pk));
}
