import fc from "fast-check";
import { expect, it } from "vitest";
import { isDue, nextWindow, overdueDays } from "./window";

const day = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const weekday = (on: string): number => new Date(`${on}T00:00:00Z`).getUTCDay();

it("a window begins after the contact, ends on a working day, and never ends before it begins", () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 400 }), fc.nat(60), (anchor, every, lead) => {
      const { due_from_on, due_to_on } = nextWindow(anchor, every, lead);
      expect(due_from_on > anchor && due_from_on <= due_to_on).toBe(true);
      expect([0, 6]).not.toContain(weekday(due_to_on));
      expect(overdueDays({ due_from_on, due_to_on }, due_to_on)).toBe(0);
      expect(isDue({ due_from_on, due_to_on }, due_from_on)).toBe(true);
    }),
  );
});

it("a window is overdue from the day after it", () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 400 }), (anchor, every) => {
      const due = nextWindow(anchor, every, 0);
      const after = new Date(Date.parse(due.due_to_on) + 86_400_000).toISOString().slice(0, 10);
      expect(overdueDays(due, after)).toBe(1);
    }),
  );
});

it.each(["2026-02-30", "today", "2026-2-3"])("%s is not a date", (on) => {
  expect(() => nextWindow(on, 7, 1)).toThrow(RangeError);
});
