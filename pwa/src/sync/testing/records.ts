/** What the functions that vectors name mean in this language: conflict records, windows, business days and page rules. */
import { dueBySameDayRule, hoursOn, nextOpenDay, type Calendar } from "../core/business";
import type { JsonObject } from "../core/canonical";
import { anchor, applying, type Channel, type Contacts, covers, inPrecedence, type Traits } from "../core/cadence";
import {
  type ConflictEvent, type ConflictRecord, type Current, type Decider, type Decision, conflictPk, observeWrite,
  openOrJoin, receipts, reopen, resolve,
} from "../core/conflict";
import { type Held, type Source, isSettled, laterMarker, takesRemoval, takesUpsert } from "../core/cursor";
import type { Rev } from "../core/digest";
import { minutesLate, type Due } from "../core/lateness";
import type { Lineage } from "../core/lineage";
import { generatedPk, isDue, nextWindow, overdueDays } from "../core/window";
import { parkJson } from "./rows";

interface ConflictStep {
  event?: ConflictEvent;
  customer_id: string | null;
  now: number;
  write?: Current;
  seen_rev: Rev | null;
  lineage: Lineage;
  command?: JsonObject;
  by: Decider;
  current: Current;
  rev: Rev;
}

const noDecision = (record: ConflictRecord): Decision => ({ record, write: null, park: null });

function conflictStep(record: ConflictRecord | null, step: ConflictStep): Decision {
  const { event, write, command } = step;
  if (event) return noDecision(openOrJoin(record, event, step.customer_id, step.now));
  if (write) return noDecision(observeWrite(record!, step.seen_rev, step.lineage, write));
  if (command!["command"] === "resolve") return resolve(record!, command!, step.by);
  return reopen(record!, command!, step.current, step.rev, step.by);
}

function conflictRun({ record: first, steps }: { record: ConflictRecord | null; steps: ConflictStep[] }) {
  let record = first;
  const decisions: unknown[] = [];
  for (const step of steps) {
    const decision = conflictStep(record, step);
    record = decision.record;
    if (step.command) decisions.push({ write: decision.write, park: parkJson(decision.park) });
  }
  return { record, decisions };
}

export const conflict = {
  run: conflictRun,
  conflict_pk: ({ event }: { event: ConflictEvent }) => conflictPk(event),
  receipts: ({ pk, record }: { pk: string; record: ConflictRecord }) =>
    Object.fromEntries(Object.entries(receipts(pk, record)).map(([key, [person, body]]) => [key, { person, body }])),
};

interface Status {
  due_from_on: string;
  due_to_on: string;
  today_on: string;
}

export const window = {
  window: (given: { anchor_on: string; every_days: number; lead_days: number; not_before_on?: string }) =>
    nextWindow(given.anchor_on, given.every_days, given.lead_days, given.not_before_on),
  status: ({ today_on, ...due }: Status) => ({ is_due: isDue(due, today_on), overdue_days: overdueDays(due, today_on) }),
  generated_pk: (given: { cadence_id: string; customer_id: string; due_from_on: string }) =>
    generatedPk(given.cadence_id, given.customer_id, given.due_from_on),
};

interface CadenceJson extends Partial<Traits> {
  readonly id: string;
  readonly channel: Channel;
  readonly every_days: number;
}

const traits = (given: Partial<Traits>): Traits => ({ tier: "", stage: "", industry: "", tags: [], ...given });

export const cadence = {
  applying: ({ cadences, customer }: { cadences: CadenceJson[]; customer: Partial<Traits> }) =>
    applying(inPrecedence(cadences.map(({ id, every_days, ...rest }) => ({ ...traits(rest), pk: id, channel: rest.channel, everyDays: every_days }))), traits(customer)).map(({ pk }) => pk),
  anchor: ({ contacts, channel }: { contacts: Contacts; channel: Channel }) => anchor(contacts, channel),
  covers: ({ done, channel }: { done: Channel; channel: Channel }) => covers(done, channel),
};

interface CalendarJson {
  week: string[];
  closed: string[];
  opened: Record<string, string>;
}

const calendarOf = ({ week, closed, opened }: CalendarJson): Calendar => ({ week, closed: new Set(closed), opened: new Map(Object.entries(opened)) });

interface Now {
  calendar: CalendarJson;
  now_on: string;
  now_time: string;
}

export const business = {
  hours_on: ({ calendar, on }: { calendar: CalendarJson; on: string }) => {
    const hours = hoursOn(calendarOf(calendar), on);
    return hours && [hours.opens, hours.closes];
  },
  next_open_day: ({ calendar, after_on }: { calendar: CalendarJson; after_on: string }) => nextOpenDay(calendarOf(calendar), after_on),
  due: ({ calendar, now_on, now_time }: Now) => dueBySameDayRule(calendarOf(calendar), now_on, now_time),
};

export const lateness = { minutes_late: ({ now_on, now_time, ...due }: Due & Omit<Now, "calendar">) => minutesLate(due, now_on, now_time) };

type HeldJson = [generation: number, rev: Rev];
const heldOf = ([generation, rev]: HeldJson): Held => ({ generation, rev });

interface UpsertInput {
  held: HeldJson | null;
  marker: Rev | null;
  new: HeldJson;
  source: Source;
}

export const cursor = {
  takes_upsert: ({ held, marker, new: served, source }: UpsertInput) =>
    takesUpsert(held && heldOf(held), marker, heldOf(served), source),
  takes_removal: ({ held, new: served }: { held: HeldJson; new: HeldJson }) => takesRemoval(heldOf(held), heldOf(served)),
  later_marker: ({ marker, rev }: { marker: Rev | null; rev: Rev }) => laterMarker(marker, rev),
  is_settled: ({ log_seq, page_seq }: { log_seq: number | null; page_seq: number }) => isSettled(log_seq, page_seq),
};
