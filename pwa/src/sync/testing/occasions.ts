/** What the functions that vectors name mean in this language: the lunar calendar, and days that come every year. */
import { type LunarDate, leapMonth, monthDays, toLunar, toSolar } from "../core/lunar";
import { type Yearly, askedDay, dayIn, exists, nextDay, occasionWindow } from "../core/occasion";

const yearsOf = ({ from, to }: { from: number; to: number }): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

export const lunar = {
  to_solar: toSolar,
  to_lunar: ({ solar_on }: { solar_on: string }) => toLunar(solar_on),
  month_days: ({ year, month, is_leap }: LunarDate) => monthDays(year, month, is_leap),
  leap_months: (given: { from: number; to: number }) => yearsOf(given).map((year) => [year, leapMonth(year)]).filter(([, leap]) => leap !== 0),
  new_years: ({ years }: { years: readonly number[] }) => years.map((year) => toSolar({ year, month: 1, day: 1, is_leap: false })),
};

export const occasion = {
  exists: ({ year, ...yearly }: Yearly & { year: number | null }) => exists(yearly, year),
  day_in: ({ year, ...yearly }: Yearly & { year: number }) => dayIn(yearly, year),
  next_day: ({ from_on, ...yearly }: Yearly & { from_on: string }) => nextDay(yearly, from_on),
  asked_day: ({ today_on, ...yearly }: Yearly & { today_on: string }) => askedDay(yearly, today_on),
  window: ({ on, lead_days }: { on: string; lead_days: number }) => occasionWindow(on, lead_days),
};
