/** Dates, times and spans in words, always in the company's zone. Dates are `YYYY-MM-DD`, instants milliseconds. */
import { language, locale, t } from "./language";
import { zone } from "./zone";

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const key = JSON.stringify([locale(), timeZone, options]);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale(), { ...options, timeZone });
  formats.set(key, known);
  return known;
}

/** Noon UTC of a calendar date: an instant that is this date in UTC, for formatting only. */
function noon(date: string): number {
  return Date.parse(`${date}T12:00:00Z`);
}

/** The calendar date of an instant in the company's zone. */
export function dateOf(at: number): string {
  return new Date(at + offsetAt(at)).toISOString().slice(0, 10);
}

// Lists ask for thousands of dates, and asking Intl for each would take longer than drawing them.
const offsets = new Map<string, number | "changes">();

/** How far the zone's clock is ahead of UTC at an instant, ms. */
function offsetAt(at: number): number {
  const utcDay = Math.floor(at / DAY);
  const key = `${zone.value} ${utcDay}`;
  const known = offsets.get(key) ?? offsetOfDay(utcDay);
  offsets.set(key, known);
  return known === "changes" ? measuredOffset(at) : known;
}

/** One offset for a whole UTC day, unless the clocks change within it. */
function offsetOfDay(utcDay: number): number | "changes" {
  const first = measuredOffset(utcDay * DAY);
  return first === measuredOffset((utcDay + 1) * DAY) ? first : "changes";
}

const PARTS = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", hourCycle: "h23" } as const;

function measuredOffset(at: number): number {
  const key = `offset ${zone.value}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat("en", { timeZone: zone.value, ...PARTS });
  formats.set(key, known);
  const part = Object.fromEntries(known.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"]);
  return wall - Math.floor(at / 60_000) * 60_000;
}

export function today(now: number = Date.now()): string {
  return dateOf(now);
}

export function addDays(date: string, days: number): string {
  return new Date(noon(date) + days * DAY).toISOString().slice(0, 10);
}

/** Whole days from one calendar date to another; negative when `to` lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((noon(to) - noon(from)) / DAY);
}

/** 14:05 */
export function timeOf(at: number): string {
  return format({ hour: "2-digit", minute: "2-digit", hour12: false }, zone.value).format(at);
}

/** 14:05, as rows hold a wall time of the company's zone. */
export function wallTime(at: number): string {
  return new Date(at + offsetAt(at)).toISOString().slice(11, 16);
}

/** 11月19日 週四 */
export function longDate(date: string): string {
  if (language() === "en") return format({ weekday: "short", day: "numeric", month: "short" }, "UTC").format(noon(date));
  const day = format({ month: "long", day: "numeric" }, "UTC").format(noon(date));
  return `${day} ${weekday(date)}`;
}

/** 週四 */
export function weekday(date: string): string {
  return format({ weekday: "short" }, "UTC").format(noon(date));
}

/** 11/27 週五 */
export function dayOfWeek(date: string): string {
  return language() === "en" ? longDate(date) : `${shortDate(date)} ${weekday(date)}`;
}

/** 11/24, with the year when it is not this one. */
export function shortDate(date: string, now: string = today()): string {
  const year = date.slice(0, 4) === now.slice(0, 4) ? {} : { year: "numeric" as const };
  const month = language() === "en" ? ("short" as const) : ("numeric" as const);
  return format({ ...year, month, day: "numeric" }, "UTC").format(noon(date));
}

/** 11月12日, with the year when it is not this one. */
export function middleDate(date: string, now: string = today()): string {
  if (language() === "en") return shortDate(date, now);
  const year = date.slice(0, 4) === now.slice(0, 4) ? {} : { year: "numeric" as const };
  return format({ ...year, month: "long", day: "numeric" }, "UTC").format(noon(date));
}

/** 今天, 昨天, 明天, else the date as `plain` writes it. */
export function day(date: string, plain: (date: string, now: string) => string = shortDate, now: string = today()): string {
  const away = daysBetween(now, date);
  if (away === 0) return t("date.today");
  if (away === -1) return t("date.yesterday");
  if (away === 1) return t("date.tomorrow");
  return plain(date, now);
}

/** 今天 10:05, 11月12日 09:30 */
export function moment(at: number): string {
  return t("date.moment", { day: day(dateOf(at), middleDate), time: timeOf(at) });
}

/** 剛剛, 17 分鐘前, 3 小時前, 2 天前 */
export function ago(at: number, now: number = Date.now()): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t("date.justNow");
  if (minutes < 60) return t("date.minutesAgo", { n: minutes });
  if (minutes < 1440) return t("date.hoursAgo", { n: Math.floor(minutes / 60) });
  return t("date.daysAgo", { n: Math.floor(minutes / 1440) });
}
