/**
 * When a cadence asks for the next touch, the same on every device (R36).
 * Dates are calendar dates of the company's zone, `YYYY-MM-DD`; the caller knows today's.
 */
import { uuid5 } from "./ids";

/** The days on which a touch is due, both included. */
export interface Window {
  readonly due_from_on: string;
  readonly due_to_on: string;
}

const DAY_MS = 86_400_000;
/** Counted from Monday. */
const SATURDAY = 5;

// Thousands of customers share a few hundred dates, and the browser reads and writes each slowly.
const numbers = new Map<string, number>();
const dates = new Map<number, string>();

function kept<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  const found = known.get(key) ?? make(key);
  known.set(key, found);
  return found;
}

/** Days since 1970-01-01, which was a Thursday. Throws RangeError on what is not a date. */
export const dayNumber = (on: string): number => kept(numbers, on, parsed);

function parsed(on: string): number {
  const ms = Date.parse(`${on}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== on) throw new RangeError(`not a date: ${on}`);
  return ms / DAY_MS;
}

/** The date of a day counted from 1970-01-01. */
export const dateOf = (day: number): string => kept(dates, day, (each) => new Date(each * DAY_MS).toISOString().slice(0, 10));

const weekday = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** The day itself, or the Friday before a weekend. */
export const workdayBefore = (day: number): number => day - Math.max(0, weekday(day) - SATURDAY + 1);

const workdayAfter = (day: number): number => day + (weekday(day) >= SATURDAY ? 7 - weekday(day) : 0);

/**
 * The next window after the last contact (or, without one, the customer's creation).
 * It ends `everyDays` after the anchor and begins `leadDays` before that. An end that falls on
 * a weekend moves to the Friday before, unless that is not after the anchor: then to the Monday.
 * A window that would begin before `notBeforeOn`, the day on which a pause is over, is held.
 */
export function nextWindow(anchorOn: string, everyDays: number, leadDays: number, notBeforeOn: string | null = null): Window {
  if (everyDays < 1 || leadDays < 0) throw new RangeError("a cadence is at least a day long, and its lead not negative");
  const anchor = dayNumber(anchorOn);
  const friday = workdayBefore(anchor + everyDays);
  const end = friday > anchor ? friday : workdayAfter(anchor + everyDays);
  const begin = Math.max(anchor + 1, workdayBefore(end - leadDays));
  if (notBeforeOn === null || dateOf(begin) >= notBeforeOn) return { due_from_on: dateOf(begin), due_to_on: dateOf(end) };
  return held(end, leadDays, dayNumber(notBeforeOn));
}

/** It begins on the first working day after the pause, and ends as before or, when that was over by then, `leadDays` after its new beginning. */
function held(end: number, leadDays: number, until: number): Window {
  const begin = workdayAfter(until);
  const last = end < begin ? Math.max(begin, workdayBefore(begin + leadDays)) : end;
  return { due_from_on: dateOf(begin), due_to_on: dateOf(last) };
}

/** Whether the window has begun. */
export const isDue = (due: Window, todayOn: string): boolean => due.due_from_on <= todayOn;

/** How many days ago the window ended, 0 while it has not. */
export const overdueDays = (due: Window, todayOn: string): number =>
  Math.max(0, dayNumber(todayOn) - dayNumber(due.due_to_on));

/** The id of a planned touch: whoever acts on it first, everyone names it the same. */
export const generatedPk = (cadenceId: string, customerId: string, dueFromOn: string): string =>
  uuid5(cadenceId, `${customerId}/${dueFromOn}`);
