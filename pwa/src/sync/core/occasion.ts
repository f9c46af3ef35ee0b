/**
 * On which day a yearly occasion is kept, and when one begins to think of it: the same on every device (R36).
 * A day is given by its calendar, `solar`, `lunar` or `lunar_leap` (a day of a leap month), its month and its day. Solar
 * dates are `YYYY-MM-DD` of the company's zone. A year is one of the day's own calendar.
 */
import { FIRST_YEAR, LAST_YEAR, monthDays, toLunar, toSolar } from "./lunar";
import { dateOf, dayNumber, type Window, workdayBefore } from "./window";

export type Calendar = "solar" | "lunar" | "lunar_leap";
export const calendars: readonly Calendar[] = ["solar", "lunar", "lunar_leap"];

/** For so long after the day a greeting still does more good than none. */
const GRACE_DAYS = 3;
const LEAP_YEAR = 2024;

/** A day that comes every year; `shift_days` from it (the eve of New Year is -1). */
export interface Yearly {
  readonly calendar: Calendar;
  readonly month: number;
  readonly day: number;
  readonly shift_days: number;
}

/** Whether there is such a day: in that year, or without one (or with one before the table) in any. */
export function exists({ calendar, month, day }: Yearly, year: number | null = null): boolean {
  if (month < 1 || month > 12 || day < 1 || !calendars.includes(calendar)) return false;
  if (calendar === "solar") return day <= solarDays(year ?? LEAP_YEAR, month);
  const isLeap = calendar === "lunar_leap";
  return day <= (year === null || year < FIRST_YEAR || year > LAST_YEAR ? longest(month, isLeap) : monthDays(year, month, isLeap));
}

/**
 * The solar date on which it is kept in a year of its calendar; null when that cannot be told.
 * A day of a leap month is kept in the ordinary month of the same number where the year has no such leap month. The
 * 30th is kept on the last day of a month that has 29, and 29 February on the 28th of a common year.
 */
export function dayIn(yearly: Yearly, year: number): string | null {
  if (!exists(yearly)) return null;
  const on = yearly.calendar === "solar" ? solarIn(yearly, year) : lunarIn(yearly, year);
  return on === null ? null : dateOf(dayNumber(on) + yearly.shift_days);
}

/** The solar date on which it comes next, `fromOn` included; null when the table has ended. */
export function nextDay(yearly: Yearly, fromOn: string): string | null {
  const year = yearly.calendar === "solar" ? Number(fromOn.slice(0, 4)) : (toLunar(fromOn)?.year ?? null);
  if (year === null) return null;
  // A shifted day may come before its year begins, or after it has ended.
  const days = [-1, 0, 1, 2].map((more) => dayIn(yearly, year + more));
  return days.filter((on): on is string => on !== null && on >= fromOn).sort()[0] ?? null;
}

/** The day that is to be thought of: the next, or the one before as long as it is not too late. */
export const askedDay = (yearly: Yearly, todayOn: string): string | null => nextDay(yearly, dateOf(dayNumber(todayOn) - GRACE_DAYS));

/** When to act on an occasion: from `leadDays` before it on, and on a weekend by the Friday before. */
export function occasionWindow(on: string, leadDays: number): Window {
  if (leadDays < 0) throw new RangeError("a lead is not negative");
  const day = dayNumber(on);
  return { due_from_on: dateOf(workdayBefore(day - leadDays)), due_to_on: dateOf(workdayBefore(day)) };
}

const solarDays = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const solarIn = ({ month, day }: Yearly, year: number): string => new Date(Date.UTC(year, month - 1, Math.min(day, solarDays(year, month)))).toISOString().slice(0, 10);

function lunarIn({ calendar, month, day }: Yearly, year: number): string | null {
  const is_leap = calendar === "lunar_leap" && monthDays(year, month, true) > 0;
  const days = monthDays(year, month, is_leap);
  return days === 0 ? null : toSolar({ year, month, day: Math.min(day, days), is_leap });
}

/** The days of the longest month of this number in the table; 0 when it is never a leap one. */
function longest(month: number, isLeap: boolean): number {
  let most = 0;
  for (let year = FIRST_YEAR; year <= LAST_YEAR && most < 30; year += 1) most = Math.max(most, monthDays(year, month, isLeap));
  return most;
}
