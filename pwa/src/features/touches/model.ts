/** When a customer should be contacted next and why: planned touches, and the windows that a cadence gives by itself. */
import type { Row } from "../../store";
import { addDays, daysBetween } from "../../i18n/index";
import { nextWindow } from "../../sync/core/window";
import { integer, strings, text } from "../../ui/values";
import { memo } from "./memo";

export type Channel = "visit" | "call" | "email" | "chat";
export const channels: readonly Channel[] = ["visit", "call", "email", "chat"];

export const isChannel = (value: string): value is Channel => (channels as readonly string[]).includes(value);

/** How often customers of a tier are contacted. */
export interface Cadence {
  readonly pk: string;
  readonly tier: string;
  readonly everyDays: number;
  readonly leadDays: number;
  readonly channel: Channel;
}

/** Whether a person works a territory on a date of the company's: without dates, or in a period that includes it. */
export function works(territory: Row["fields"], person: string, date: string): boolean {
  const dated = territory["dated"];
  const periods = (Array.isArray(dated) ? dated : []) as readonly Readonly<Record<string, unknown>>[];
  const now = periods.filter((one) => text(one, "from_on") <= date && (text(one, "to_on") || date) >= date);
  return strings(territory, "person_ids").includes(person) || now.some((one) => text(one, "person_id") === person);
}

/** One contact that should happen. `pk` is null while the cadence alone asks for it: nobody has acted on it yet. */
export interface Due {
  readonly pk: string | null;
  readonly customerId: string;
  readonly channel: Channel;
  readonly fromOn: string;
  readonly toOn: string;
  readonly time: string;
  readonly why: string;
  readonly cadence: Cadence | null;
  readonly assigneeId: string;
  readonly contactId: string;
  readonly state: Row["state"];
}

/** late: the window is over · today: it ends today · soon: it is open · later: it has not begun. */
export type When = "late" | "today" | "soon" | "later";

export function whenOf(due: Pick<Due, "fromOn" | "toOn">, today: string): When {
  if (due.toOn < today) return "late";
  if (due.toOn === today) return "today";
  return due.fromOn <= today ? "soon" : "later";
}

/** Days past the window's end (positive) or until it (negative). */
export const daysLate = (due: Pick<Due, "toOn">, today: string): number => daysBetween(due.toOn, today);

export function cadenceOf({ pk, fields }: Row): Cadence {
  const channel = text(fields, "channel");
  return {
    pk,
    tier: text(fields, "tier"),
    everyDays: integer(fields, "every_days") ?? 0,
    leadDays: integer(fields, "lead_days") ?? 0,
    channel: isChannel(channel) ? channel : "call",
  };
}

/** The cadence that a customer is under; one who was lost is under none, and only a person plans a contact. */
export function cadenceAsking({ tier, isLost }: { tier: string; isLost: boolean }, cadences: readonly Cadence[]): Cadence | null {
  if (isLost) return null;
  return cadences.find((cadence) => cadence.tier === tier && cadence.everyDays >= 1) ?? null;
}

/** An open planned touch; null for one that is done, skipped or put off until later. */
export const dueOfTouch = memo(({ pk, fields, state }: Row, cadences: readonly Cadence[], today: string): Due | null => {
  if (text(fields, "state") !== "open" || text(fields, "snoozed_until_on") > today) return null;
  const channel = text(fields, "channel");
  return {
    pk,
    customerId: text(fields, "customer_id"),
    channel: isChannel(channel) ? channel : "call",
    fromOn: text(fields, "due_from_on"),
    toOn: text(fields, "due_to_on"),
    time: text(fields, "due_time"),
    why: text(fields, "why"),
    cadence: cadences.find((each) => each.pk === text(fields, "cadence_id")) ?? null,
    assigneeId: text(fields, "assignee_id"),
    contactId: text(fields, "contact_id"),
    state,
  };
});

/** The contact that the customer's tier asks for, counted from the last one (or from when we got to know them). */
export function dueOfCadence(customerId: string, cadence: Cadence, lastOn: string): Due {
  const { due_from_on: fromOn, due_to_on: toOn } = nextWindow(lastOn, cadence.everyDays, cadence.leadDays);
  return {
    pk: null,
    customerId,
    channel: cadence.channel,
    fromOn,
    toOn,
    time: "",
    why: "",
    cadence,
    assigneeId: "",
    contactId: "",
    state: "server",
  };
}

/** The cadence's next contact, from the `first` on, that nobody has settled yet: a skipped one counts as if it had happened on its last day. */
export function cadenceDue(first: Due, cadence: Cadence, settled: (fromOn: string) => Settled): Due | null {
  let due = first;
  while (settled(due.fromOn) === "over") due = followingOf(due, cadence);
  // A row that is still open speaks for itself, or was put off until later.
  return settled(due.fromOn) === "open" ? null : due;
}

const followingOf = memo((due: Due, cadence: Cadence) => dueOfCadence(due.customerId, cadence, due.toOn));

/** What became of a cadence's contact: no row yet, a row still open, or done or skipped. */
export type Settled = "none" | "open" | "over";

const ORDER: Record<When, number> = { late: 0, today: 1, soon: 2, later: 3 };

/** Most urgent first; what is late by importance and then by date, what is not by date and time and then by importance. */
export function sortByUrgency(dues: readonly Due[], today: string, tierOf: (customerId: string) => string): Due[] {
  // Thousands are compared many times each: every rank is made once.
  const ranked = dues.map((due) => ({ due, rank: rankOf(due, today, tierOf(due.customerId)) }));
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ due }) => due);
}

const rankOf = memo((due: Due, today: string, tier: string): string => {
  const [when, date] = [whenOf(due, today), `${due.toOn} ${due.time || "99:99"}`];
  return when === "late" ? `${ORDER[when]} ${tier || "Z"} ${date}` : `${ORDER[when]} ${date} ${tier || "Z"}`;
});

/** As they stood before, the new ones last: sorting what is nearly in order takes one look at each. */
export function asBefore(dues: readonly Due[], before: readonly Due[]): Due[] {
  const fresh = new Set(dues);
  return [...before.filter((due) => fresh.delete(due)), ...fresh];
}

/** What to do now: an appointment of today, else the most urgent. `dues` are in order of urgency. */
export function nextBest(dues: readonly Due[], today: string): Due | undefined {
  const timed = dues.filter((due) => due.time !== "" && due.fromOn <= today && due.toOn === today);
  return timed.sort((a, b) => (a.time < b.time ? -1 : 1))[0] ?? dues[0];
}

const HALF_MOST = 7;

/** Dates offered for the next contact: tomorrow, about half way, and the last day that the cadence allows. */
export function nextDates(today: string, cadence: Cadence | null): string[] {
  const { due_to_on: latest } = cadence === null || cadence.everyDays < 1 ? nextWindow(today, 14, 0) : nextWindow(today, cadence.everyDays, cadence.leadDays);
  const halfWay = Math.min(HALF_MOST, Math.ceil(daysBetween(today, latest) / 2));
  return [...new Set([addDays(today, 1), nextWindow(today, Math.max(1, halfWay), 0).due_to_on, latest])].sort();
}
