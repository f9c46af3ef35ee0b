/**
 * How late something is that was to be done by a moment, the same on every device.
 * Dates and times are of the company's zone, `YYYY-MM-DD` and `HH:MM`; the caller knows what they are now. Wall
 * times only are compared: a night on which the clocks change is as long as any other.
 */

export const DAY_MS = 86_400_000;
const DAY_MINUTES = 24 * 60;

/** By when something is to be done; without a time, by the end of the day. */
export interface Due {
  readonly due_on: string;
  readonly due_time: string | null;
}

/** For how many minutes it should have been done, 0 while there is time. */
export function minutesLate({ due_on, due_time }: Due, nowOn: string, nowTime: string): number {
  const days = (msOf(nowOn) - msOf(due_on)) / DAY_MS;
  const end = due_time === null ? DAY_MINUTES : minutesOf(due_time);
  return Math.max(0, days * DAY_MINUTES + minutesOf(nowTime) - end);
}

/** The midnight of a date, in a zone without a name: for counting days. */
export const msOf = (on: string): number => Date.parse(`${on}T00:00:00Z`);

/** The minutes from midnight to a time. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
