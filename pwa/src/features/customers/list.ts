/** Which customers the list shows and in what order: pure, so that the screen only draws. */
import type { CustomerLight } from "./model";

export type Sort = "due" | "name" | "recent";
export const sorts: readonly Sort[] = ["due", "recent", "name"];

export const sortOf = (text: string | null): Sort => ((sorts as readonly string[]).includes(text ?? "") ? (text as Sort) : "due");

interface Filter {
  /** "" = all. */
  readonly tier: string;
  readonly lateOnly: boolean;
  /** Ids found by search; null = no search. */
  readonly hits: ReadonlySet<string> | null;
  readonly isLate: (pk: string) => boolean;
}

/** Keeps the order: it changes seldom, the filter with every keystroke. */
export function filtered(ordered: readonly CustomerLight[], { tier, lateOnly, hits, isLate }: Filter): readonly CustomerLight[] {
  return ordered.filter((each) => (hits === null || hits.has(each.pk)) && (tier === "" || each.tier === tier) && (!lateOnly || isLate(each.pk)));
}

interface Facts {
  /** Customers by urgency; those with nothing due are missing. */
  readonly byUrgency: readonly string[];
  /** When this person last opened the customer, or 0. */
  readonly openedAt: (pk: string) => number;
}

/** By name; `before` is an earlier answer, which makes this one quick: comparing thousands of Chinese names takes long. */
export function inNameOrder(customers: readonly CustomerLight[], before: readonly CustomerLight[]): readonly CustomerLight[] {
  const place = new Map(before.map(({ pk }, at) => [pk, at]));
  const placeOf = ({ pk }: CustomerLight): number => place.get(pk) ?? before.length;
  const nearly = [...customers].sort((a, b) => placeOf(a) - placeOf(b));
  return nearly.sort((a, b) => collator.compare(a.name, b.name));
}

/** `customers` are in the order of their names, in which all that is equal stays. */
export function ordered(customers: readonly CustomerLight[], sort: Sort, { byUrgency, openedAt }: Facts): readonly CustomerLight[] {
  if (sort === "name") return customers;
  if (sort === "recent") return [...customers].sort((a, b) => recent(b, openedAt) - recent(a, openedAt));
  const waiting = new Map(customers.map((customer) => [customer.pk, customer]));
  const due = byUrgency.flatMap((pk) => waiting.get(pk) ?? []);
  for (const { pk } of due) waiting.delete(pk);
  return [...due, ...waiting.values()];
}

const collator = new Intl.Collator("zh-Hant-TW");

const recent = (customer: CustomerLight, openedAt: (pk: string) => number): number => Math.max(openedAt(customer.pk), customer.lastContactAt ?? 0);
