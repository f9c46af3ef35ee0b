/** A team's day: what each rep has done, what is due and what is late; whoever needs help comes first. */
import type { Row } from "../../store";
import { dateOf } from "../../i18n/index";
import type { CustomerLight } from "../customers/queries";
import type { Colleague } from "../people/queries";
import { whenOf, works, type Due } from "../touches/queries";

export interface RepDay {
  readonly person: Colleague;
  /** The most urgent first. */
  readonly late: readonly Due[];
  /** What ends today, with what has its hour first. */
  readonly today: readonly Due[];
  /** Customers contacted today, the latest first. */
  readonly done: readonly CustomerLight[];
  /** When the last contact that this device knows of was made, ms. */
  readonly lastAt: number | null;
}

export interface Company {
  readonly colleagues: readonly Colleague[];
  readonly customers: readonly CustomerLight[];
  readonly territories: readonly Row[];
  /** In order of urgency. */
  readonly dues: readonly Due[];
  /** The company's calendar date, `YYYY-MM-DD`. */
  readonly date: string;
}

/** Everybody who still works here and reports to this person, directly or through others; a loop in the line ends. */
export function reportsOf(manager: string, colleagues: readonly Colleague[]): Colleague[] {
  const found = new Set<string>();
  let line = [manager];
  while (line.length > 0) {
    const next = colleagues.filter(({ pk, managerId }) => line.includes(managerId) && !found.has(pk) && pk !== manager);
    next.forEach(({ pk }) => found.add(pk));
    line = next.map(({ pk }) => pk);
  }
  return colleagues.filter(({ pk, isActive }) => isActive && found.has(pk));
}

/** The day of each, in the order in which they need help. */
export function teamDay(team: readonly Colleague[], company: Company): RepDay[] {
  const owners = ownersIn(team, company);
  const dues = grouped(company.dues, owners);
  const seen = grouped(company.customers, ({ lastContactBy }) => [lastContactBy]);
  return team.map((person) => dayOf(person, dues.get(person.pk) ?? [], seen.get(person.pk) ?? [], company.date)).sort(byNeed);
}

function dayOf(person: Colleague, dues: readonly Due[], seen: readonly CustomerLight[], date: string): RepDay {
  const latest = [...seen].sort((a, b) => (b.lastContactAt ?? 0) - (a.lastContactAt ?? 0));
  const today = dues.filter((due) => whenOf(due, date) === "today");
  return {
    person,
    late: dues.filter((due) => whenOf(due, date) === "late"),
    today: [...today.filter(({ time }) => time !== "").sort((a, b) => (a.time < b.time ? -1 : 1)), ...today.filter(({ time }) => time === "")],
    done: latest.filter(({ lastContactAt }) => lastContactAt !== null && dateOf(lastContactAt) === date),
    lastAt: latest[0]?.lastContactAt ?? null,
  };
}

const byNeed = (a: RepDay, b: RepDay): number =>
  b.late.length - a.late.length || b.today.length - a.today.length || a.person.name.localeCompare(b.person.name);

/** Whose a contact is: whoever was asked to make it, else everybody who works the customer's patch on this date. */
function ownersIn(team: readonly Colleague[], { customers, territories, date }: Company): (due: Due) => readonly string[] {
  const workers = new Map(territories.map(({ pk, fields }) => [pk, team.filter((person) => works(fields, person.pk, date)).map((person) => person.pk)]));
  const patches = new Map(customers.map(({ pk, territoryId }) => [pk, territoryId]));
  return ({ assigneeId, customerId }) => (assigneeId !== "" ? [assigneeId] : (workers.get(patches.get(customerId) ?? "") ?? []));
}

function grouped<T>(all: readonly T[], keys: (each: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) for (const key of keys(each)) groups.get(key)?.push(each) ?? groups.set(key, [each]);
  return groups;
}

/** What a manager looks at first: of the most important customers those that are late for longest. */
export function worst(days: readonly RepDay[], tierOf: (customerId: string) => string, most: number): { due: Due; person: Colleague }[] {
  const all = days.flatMap(({ person, late }) => late.map((due) => ({ due, person })));
  const rank = ({ due }: { due: Due }): string => `${tierOf(due.customerId) || "Z"} ${due.toOn}`;
  const once = new Map(all.map((each) => [each.due.customerId, each]));
  return [...once.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, most);
}
