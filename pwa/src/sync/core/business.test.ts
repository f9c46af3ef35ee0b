import fc from "fast-check";
import { expect, it } from "vitest";
import { dueBySameDayRule, endOf, hoursOn, parseHours, USUAL } from "./business";
import { minutesLate } from "./lateness";

const day = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const time = fc.integer({ min: 0, max: 1439 }).map((minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`);

it("a promise is due on an open day, and is not late when it is made", () => {
  fc.assert(
    fc.property(fc.array(day, { maxLength: 60 }), day, time, (closed, on, now) => {
      const calendar = { ...USUAL, closed: new Set(closed) };
      const due = dueBySameDayRule(calendar, on, now);
      expect(hoursOn(calendar, due.due_on)?.closes).toBe(due.due_time);
      expect(minutesLate(due, on, now)).toBe(0);
    }),
  );
});

it.each(["", "9-18", "18:00-09:00", "09:00-09:00", "24:00-25:00", "09:00-18:00 "])("%j are no hours", (text) => expect(parseHours(text)).toBeNull());

it("a closed day ends with the day", () => expect(endOf(USUAL, "2026-11-22")).toEqual({ due_on: "2026-11-22", due_time: null }));
