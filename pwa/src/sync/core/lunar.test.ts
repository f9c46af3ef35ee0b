import fc from "fast-check";
import { expect, it } from "vitest";
import { FIRST_YEAR, LAST_YEAR, type LunarDate, leapMonth, monthDays, toLunar, toSolar } from "./lunar";
import { calendars, exists, nextDay } from "./occasion";

const day = fc.date({ min: new Date("1900-01-31"), max: new Date("2101-01-28"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));

it("a day has one lunar date and comes back", () => {
  fc.assert(fc.property(day, (on) => void expect(toSolar(toLunar(on)!)).toBe(on)));
});

it("an impossible day never comes and never fails", () => {
  const yearly = fc.record({ calendar: fc.constantFrom(...calendars), month: fc.integer({ min: -1, max: 14 }), day: fc.integer({ min: -1, max: 40 }), shift_days: fc.constant(0) });
  const on = fc.date({ min: new Date("1900-06-01"), max: new Date("2098-01-01"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
  fc.assert(fc.property(yearly, on, (each, from) => void expect(nextDay(each, from) !== null).toBe(exists(each))));
});

const browser = new Intl.DateTimeFormat("en-u-ca-chinese", { timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric" });

function browsers(on: string): LunarDate {
  const part = Object.fromEntries(browser.formatToParts(new Date(`${on}T12:00:00Z`)).map(({ type, value }) => [type, value]));
  return { year: Number(part["relatedYear"]), month: Number.parseInt(part["month"]!, 10), day: Number(part["day"]), is_leap: part["month"]!.includes("bis") };
}

/** Months that Unicode's calendar begins a day off, or counts as the leap one: it computes the moon to minutes only. */
const UNICODE_ERRS = new Set(["1917-03-23", "1917-04-21", "1922-06-25", "1922-07-24", "1954-02-03", "1955-02-22", "1987-07-26", "1987-08-24", "1999-01-17", "2012-08-17", "2018-11-08", "2027-02-06", "2030-02-03", "2057-09-28", "2070-03-12"]);

it("months begin where the browser's calendar begins them, but for the few in which that errs", () => {
  const differing: string[] = [];
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    for (let month = 1; month <= 12; month += 1) {
      for (const is_leap of leapMonth(year) === month ? [false, true] : [false]) {
        const first = { year, month, day: 1, is_leap };
        const on = toSolar(first)!;
        expect(monthDays(year, month, is_leap)).toBeGreaterThan(28);
        if (JSON.stringify(browsers(on)) !== JSON.stringify(first)) differing.push(on);
      }
    }
  }
  expect(differing.filter((on) => !UNICODE_ERRS.has(on))).toEqual([]);
});
