/** When a customer should be contacted next and why: planned touches, and those that something asks for by itself. */
import type { Fields, Row } from "../../store";
import { daysBetween } from "../../i18n/index";
import { CHANNELS, type Channel } from "../../sync/core/cadence";
import { strings, text } from "../../ui/values";
import { memo } from "./memo";

export type { Channel };
export const channels: readonly Channel[] = ["visit", "call", "email", "chat"];

export const isChannel = (value: string): value is Channel => (channels as readonly string[]).includes(value);

/** Whether a person works a territory on a date of the company's: without dates, or in a period that includes it. */
export function works(territory: Row["fields"], person: string, date: string): boolean {
  const dated = territory["dated"];
  const periods = (Array.isArray(dated) ? dated : []) as readonly Readonly<Record<string, unknown>>[];
  const now = periods.filter((one) => text(one, "from_on") <= date && (text(one, "to_on") || date) >= date);
  return strings(territory, "person_ids").includes(person) || now.some((one) => text(one, "person_id") === person);
}

/** Why a contact is due that nobody planned, as data that words are made of. Each kind of producer has its member here, and its sentence in words.tsx. */
export type Reason = CadenceReason | OccasionReason;

export interface CadenceReason {
  readonly kind: "cadence";
  readonly name: string;
  readonly channel: Channel;
  readonly everyDays: number;
  /** Whether the customer has this interval in place of the cadence's. */
  readonly isOwn: boolean;
}

/** A day that is kept, in the words of whoever knows what it is. */
export interface OccasionReason {
  readonly kind: "occasion";
  readonly words: string;
  /** The day itself. */
  readonly on: string;
  /** What many customers are greeted for on one day, a festival, by its id: shown as one. "" for a day of one customer. */
  readonly group: string;
}

export const isOccasion = ({ reason }: Due): boolean => reason?.kind === "occasion";

/** Whether a due is one of many alike, which stand together in one row. */
export const isGrouped = ({ reason }: Due): boolean => reason?.kind === "occasion" && reason.group !== "";

/** Many customers to greet on one day. */
export interface Group {
  readonly id: string;
  readonly words: string;
  readonly on: string;
  readonly count: number;
}

/** What stands together, the nearest day first. */
export function groupsOf(dues: readonly Due[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { reason } of dues) {
    if (reason?.kind !== "occasion" || reason.group === "") continue;
    const { group: id, words, on } = reason;
    groups.set(`${id} ${on}`, { id, words, on, count: (groups.get(`${id} ${on}`)?.count ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
}

/** What asks for a contact by itself. Who acts on it first makes a row of it, under the id that every device computes alike from source, customer and date. */
export interface Ask {
  /** Id of what asks. */
  readonly source: string;
  /** The date that tells this contact from the others of its source. */
  readonly on: string;
  /** What the row says of where it comes from. */
  readonly fields: Fields;
}

/** One contact that should happen. `pk` is null, and `ask` is not, while nobody has acted on what asks for it. */
export interface Due {
  readonly pk: string | null;
  readonly customerId: string;
  readonly channel: Channel;
  readonly fromOn: string;
  readonly toOn: string;
  readonly time: string;
  readonly why: string;
  readonly reason: Reason | null;
  readonly ask: Ask | null;
  readonly assigneeId: string;
  readonly contactId: string;
  readonly state: Row["state"];
  /** Set on the first of several that are due by now: the channels of the others. */
  readonly also?: readonly Channel[];
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

/** An open planned touch; null for one that is done, skipped or put off until later. `reasonOf` tells what had asked for it. */
export const dueOfTouch = memo(({ pk, fields, state }: Row, reasonOf: (touch: Fields) => Reason | null, today: string): Due | null => {
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
    reason: reasonOf(fields),
    ask: null,
    assigneeId: text(fields, "assignee_id"),
    contactId: text(fields, "contact_id"),
    state,
  };
});

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

/** A customer's own contacts in order: what is more urgent, then what has an hour, then the stronger channel, which settles the others. */
export const strongestFirst = memo((dues: readonly Due[], today: string): readonly Due[] => {
  const rank = (due: Due): string => `${ORDER[whenOf(due, today)]} ${due.time || "99:99"} ${CHANNELS.indexOf(due.channel)} ${due.toOn}`;
  return [...dues].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
});

/** The first of a customer's contacts, saying which other channels are due by now. */
export const leadOf = memo(([lead, ...others]: readonly Due[], today: string): Due | undefined => {
  if (lead === undefined || whenOf(lead, today) === "later") return lead;
  const due = others.filter((one) => one.channel !== lead.channel && whenOf(one, today) !== "later").map(({ channel }) => channel);
  return due.length === 0 ? lead : leading(lead, [...new Set(due)].join(" "));
});

/** The same object for the same channels, so that what was worked out for it stays. */
const leading = memo((lead: Due, also: string): Due => ({ ...lead, also: also.split(" ").filter(isChannel) }));

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
