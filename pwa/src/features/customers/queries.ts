/** Reads of customers that screens share: the light lists, and the rows of one customer. */
import { getChildren, getRow, useLive, type Row, type Store } from "../../store";
import { byInfluence, callNumber, contactOf, lineLink, mailLink, mapLink, siteOf, telLink, visitingFirst, type Contact, type ContactLight, type CustomerLight, type Site } from "./model";

export { findCustomers, foldCharacter, prepareSearch } from "./finding";
export { contacts, customerOf, customers, hasContacts, keepCustomers, nameCustomers, prepareContacts } from "./lists";
export { callNumber, lineLink, mailLink, mapLink, telLink, type Contact, type ContactLight, type CustomerLight, type Site };

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
export { CustomerLine } from "./views/customer-line";
export { anniversarySheet, contactSheet, customerSheet, newCustomerSheet, siteSheet } from "./sheets";
