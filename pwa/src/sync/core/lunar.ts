/**
 * The Chinese lunar calendar of the years 1900 to 2100, from a table of its months (lunar.json, which names its source).
 * A lunar year goes by the solar year in which it begins. Solar dates are `YYYY-MM-DD`. What the table does not hold is
 * null and never an error: a date that was stored once must not break a screen.
 */
import { decades, first_year as FIRST_YEAR } from "../../../../sync/core/lunar.json";
import { dateOf, dayNumber } from "./window";

/** A day of the lunar calendar; a leap month has the number of the month before it. */
export interface LunarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly is_leap: boolean;
}

const DIGITS = 5;
const LEAP = 0xf;

const YEARS: readonly number[] = decades.flatMap((decade) => Array.from({ length: decade.length / DIGITS }, (_, at) => Number.parseInt(decade.slice(at * DIGITS, (at + 1) * DIGITS), 16)));
const LAST_YEAR = FIRST_YEAR + YEARS.length - 1;

export { FIRST_YEAR, LAST_YEAR };

/** The number of a year's leap month, 0 when it has none or is not in the table. */
export const leapMonth = (year: number): number => (YEARS[year - FIRST_YEAR] ?? 0) & LEAP;

/** How many days a month has, 29 or 30; 0 when there is no such month. */
export function monthDays(year: number, month: number, isLeap = false): number {
  const info = YEARS[year - FIRST_YEAR];
  if (info === undefined || month < 1 || month > 12 || (isLeap && leapMonth(year) !== month)) return 0;
  return 29 + ((info >> (isLeap ? 16 : 16 - month)) & 1);
}

/** The solar date of a lunar one; null when there is no such day. */
export function toSolar({ year, month, day, is_leap }: LunarDate): string | null {
  if (day < 1 || day > monthDays(year, month, is_leap)) return null;
  let number = newYears()[year - FIRST_YEAR]! + day - 1;
  for (const each of monthsOf(year)) {
    if (each.month === month && each.isLeap === is_leap) break;
    number += each.days;
  }
  return dateOf(number);
}

/** The lunar date of a solar one; null before 1900-01-31 and after the table's last day. */
export function toLunar(solarOn: string): LunarDate | null {
  const number = dayNumber(solarOn);
  const year = FIRST_YEAR + newYears().findLastIndex((first) => first <= number);
  if (year < FIRST_YEAR) return null;
  let left = number - newYears()[year - FIRST_YEAR]!;
  for (const { month, isLeap, days } of monthsOf(year)) {
    if (left < days) return { year, month, day: left + 1, is_leap: isLeap };
    left -= days;
  }
  return null;
}

interface Month {
  readonly month: number;
  readonly isLeap: boolean;
  readonly days: number;
}

/** The months of a year in their order. */
function monthsOf(year: number): readonly Month[] {
  const leap = leapMonth(year);
  const kinds = Array.from({ length: 12 }, (_, at) => at + 1).flatMap((month) => (month === leap ? [{ month, isLeap: false }, { month, isLeap: true }] : [{ month, isLeap: false }]));
  return kinds.map(({ month, isLeap }) => ({ month, isLeap, days: monthDays(year, month, isLeap) }));
}

let firstDays: readonly number[] | null = null;

/** The first day of each year of the table, in days since 1970. */
const newYears = (): readonly number[] => (firstDays ??= countedDays());

function countedDays(): readonly number[] {
  const days = [dayNumber(`${FIRST_YEAR}-01-31`)];
  for (let year = FIRST_YEAR; year < LAST_YEAR; year += 1) days.push(days.at(-1)! + monthsOf(year).reduce((sum, month) => sum + month.days, 0));
  return days;
}
