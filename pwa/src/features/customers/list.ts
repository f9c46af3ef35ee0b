/** Which customers the list shows and in what order: pure, so that the screen only draws. */
import type { CustomerLight } from "./model";

export type Sort = "due" | "name" | "recent";
export const sorts: readonly Sort[] = ["due", "recent", "name"];

export const sortOf = (text: string | null): Sort => ((sorts as readonly string[]).includes(text ?? "") ? (text as Sort) : "due");

interface Wish {
  readonly sort: Sort;
  /** "" = all. */
  readonly tier: string;
  readonly lateOnly: boolean;
  /** Ids found by search; null = no search. */
  readonly hits: ReadonlySet<string> | null;
}

interface Facts {
  /** Place in the order of urgency; undefined = nothing is due. */
  readonly rank: (pk: string) => number | undefined;
  readonly isLate: (pk: string) => boolean;
  /** When this person last opened the customer, or 0. */
  readonly openedAt: (pk: string) => number;
}

export function listed(customers: readonly CustomerLight[], wish: Wish, facts: Facts): CustomerLight[] {
  const kept = customers.filter(
    ({ pk, tier }) => (wish.hits === null || wish.hits.has(pk)) && (wish.tier === "" || tier === wish.tier) && (!wish.lateOnly || facts.isLate(pk)),
  );
  return kept.sort(order(wish.sort, facts));
}

function order(sort: Sort, { rank, openedAt }: Facts): (a: CustomerLight, b: CustomerLight) => number {
  const byName = (a: CustomerLight, b: CustomerLight): number => collator.compare(a.name, b.name);
  if (sort === "name") return byName;
  if (sort === "recent") return (a, b) => recent(b, openedAt) - recent(a, openedAt) || byName(a, b);
  return (a, b) => (rank(a.pk) ?? Infinity) - (rank(b.pk) ?? Infinity) || byName(a, b);
}

const collator = new Intl.Collator("zh-Hant-TW");

const recent = (customer: CustomerLight, openedAt: (pk: string) => number): number => Math.max(openedAt(customer.pk), customer.lastContactAt ?? 0);
