/** Every customer on this device as a light list in memory, and their contacts when somebody asks for them. */
import { computed, signal } from "@preact/signals";
import { lightList, type LightList, type Store } from "../../store";
import { contactLightOf, lightOf, type ContactLight, type CustomerLight } from "./model";

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
