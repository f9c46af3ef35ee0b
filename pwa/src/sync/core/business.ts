/**
 * When the company is open, and by when what was promised just now is to be done, the same on every device.
 * Dates and times are of the company's zone, `YYYY-MM-DD` and `HH:MM`; the caller knows what they are now. Wall
 * times only are compared: a night on which the clocks change is as long as any other.
 */
import { DAY_MS, minutesOf, msOf, type Due } from "./lateness";

/** Of business that must be left today: whoever promises in the last hour means the next business day. */
export const LEAST_MINUTES = 60;
/** So far ahead an open day is looked for: a calendar without one in a year is a mistake, not a holiday. */
export const FARTHEST_DAYS = 366;

const HOURS = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;

/** From when to when the company is open on a day. */
export interface Hours {
  readonly opens: string;
  readonly closes: string;
}

/**
 * `week` has the hours of each weekday, Monday first, as `09:00-18:00`; "" is closed.
 * On a date in `opened` its own hours hold, whatever else is said of it; one in `closed` has none.
 */
export interface Calendar {
  readonly week: readonly string[];
  readonly closed: ReadonlySet<string>;
  readonly opened: ReadonlyMap<string, string>;
}

/** Of a company whose own calendar is not known yet. */
export const USUAL: Calendar = {
  week: ["09:00-18:00", "09:00-18:00", "09:00-18:00", "09:00-18:00", "09:00-18:00", "", ""],
  closed: new Set(),
  opened: new Map(),
};

/** Reads `09:00-18:00`; null for a closed day, which is also what nonsense is. */
export function parseHours(text: string): Hours | null {
  const [, opens, closes] = HOURS.exec(text) ?? [];
  return opens !== undefined && closes !== undefined && opens < closes ? { opens, closes } : null;
}

/** The hours of a date, null when the company is closed. */
export function hoursOn({ week, closed, opened }: Calendar, on: string): Hours | null {
  const own = opened.get(on);
  if (own !== undefined) return parseHours(own);
  return closed.has(on) ? null : parseHours(week[weekday(on)] ?? "");
}

/** The first open date after another, null when there is none within a year. */
export function nextOpenDay(calendar: Calendar, afterOn: string): string | null {
  for (let ahead = 1; ahead <= FARTHEST_DAYS; ahead += 1) {
    const on = later(afterOn, ahead);
    if (hoursOn(calendar, on) !== null) return on;
  }
  return null;
}

/**
 * By when what is promised now is to be done: when business ends today, while there is time for it. That is as long as LEAST_MINUTES
 * are left. Later, and on a closed day, it is the end of the next business day: the morning after would be sooner than what is
 * promised at nine. Never on a holiday, unless the calendar has nothing else within a year: then it is tomorrow.
 */
export function dueBySameDayRule(calendar: Calendar, nowOn: string, nowTime: string): Due {
  const today = hoursOn(calendar, nowOn);
  if (today !== null && minutesOf(today.closes) - minutesOf(nowTime) >= LEAST_MINUTES) return { due_on: nowOn, due_time: today.closes };
  const following = nextOpenDay(calendar, nowOn);
  return following === null ? { due_on: later(nowOn, 1), due_time: null } : endOf(calendar, following);
}

/** The end of business on a date; of a closed one, the end of the day. */
export const endOf = (calendar: Calendar, on: string): Due => ({ due_on: on, due_time: hoursOn(calendar, on)?.closes ?? null });

const later = (on: string, days: number): string => new Date(msOf(on) + days * DAY_MS).toISOString().slice(0, 10);

/** Counted from Monday. */
const weekday = (on: string): number => (new Date(msOf(on)).getUTCDay() + 6) % 7;
