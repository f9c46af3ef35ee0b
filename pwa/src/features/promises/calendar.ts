/** The company's calendar on this device, and the moments that it offers for a promise. */
import { allOf, useLive, type Fields, type Row, type Store } from "../../store";
import { addDays } from "../../i18n/index";
import { dueBySameDayRule, endOf, nextOpenDay, USUAL, type Calendar } from "../../sync/core/business";
import type { Due } from "../../sync/core/lateness";
import { strings } from "../../ui/values";
import type { Now } from "./model";

const named = (fields: Fields, name: string): Readonly<Record<string, unknown>> => {
  const value = fields[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
};

/** The company's row; without one the usual hours hold. */
export function calendarOf(row: Row | undefined): Calendar {
  if (row === undefined) return USUAL;
  const closed = ["holidays", "closed"].flatMap((name) => Object.keys(named(row.fields, name)));
  const opened = Object.entries(named(row.fields, "opened")).map(([on, hours]): [string, string] => [on, String(hours)]);
  return { week: strings(row.fields, "week"), closed: new Set(closed), opened: new Map(opened) };
}

/** Why the company is closed on a date, "" where nobody said. */
export function restOf(row: Row | undefined, on: string): string {
  const name = row === undefined ? undefined : (named(row.fields, "closed")[on] ?? named(row.fields, "holidays")[on]);
  return typeof name === "string" ? name : "";
}

export const readCalendar = async (store: Store): Promise<Row | undefined> => (await allOf(store, "calendar"))[0];

/** Undefined until it was read. */
export const useCalendar = (store: Store): { readonly row: Row | undefined } | undefined => useLive(async () => ({ row: await readCalendar(store) }), [store]);

/** By when what is promised now is due, unless somebody says otherwise. */
export const dueFromNow = (calendar: Calendar, { on, time }: Now): Due => dueBySameDayRule(calendar, on, time);

const MONDAY_MS = Date.parse("1970-01-05T00:00:00Z");

/** The first date after another that is a Monday. */
function nextMonday(on: string): string {
  const weekday = Math.floor((Date.parse(`${on}T00:00:00Z`) - MONDAY_MS) / 86_400_000) % 7;
  return addDays(on, 7 - weekday);
}

/** The ends of today (while the rule allows it), the next business day, and the first one of next week. */
export function dueChoices(calendar: Calendar, now: Now): Due[] {
  const first = dueFromNow(calendar, now);
  const second = nextOpenDay(calendar, first.due_on);
  const week = nextOpenDay(calendar, addDays(nextMonday(now.on), -1));
  const days = [first.due_on, second, week].filter((on): on is string => on !== null);
  return [...new Set(days)].sort().map((on) => (on === first.due_on ? first : endOf(calendar, on)));
}
