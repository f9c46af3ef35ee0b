/** When a customer is due and why: windows, order, skipped and put-off contacts. */
import { describe, expect, test } from "vitest";
import type { Row } from "../../store";
import { cadenceDue, dueOfCadence, type Cadence } from "./cadence";
import { nextDates } from "./commands";
import { asBefore, dueOfTouch, nextBest, sortByUrgency, whenOf, works, type Due } from "./model";

const cadence: Cadence = { pk: "0197a0b0-0000-7000-8000-000000000020", name: "A 級拜訪", tier: "A", stage: "", industry: "", tags: [], everyDays: 14, leadDays: 3, channel: "visit", pausedUntilOn: "", isOwn: false };
const today = "2026-11-19";
const noReason = () => null;

const due = (change: Partial<Due>): Due => ({ ...dueOfCadence("c", cadence, "2026-11-05"), ...change });

const touch = (fields: Row["fields"]): Row => ({ entity: "touch", pk: "t", fields, rev: null, state: "device", pending: [], at: "" });

describe("the state of a window", () => {
  test.each([
    ["2026-11-10", "2026-11-18", "late"],
    ["2026-11-16", "2026-11-19", "today"],
    ["2026-11-19", "2026-11-20", "soon"],
    ["2026-11-20", "2026-11-21", "later"],
  ] as const)("%s to %s is %s", (fromOn, toOn, when) => expect(whenOf({ fromOn, toOn }, today)).toBe(when));
});

describe("who works a territory", () => {
  const cover = (person_id: string, from_on: string | null, to_on: string | null) => ({ person_id, from_on, to_on, from_at: null, until_at: null });
  const territory = { person_ids: ["amy"], dated: [cover("bob", "2026-12-01", "2026-12-03"), cover("bob", "2026-12-10", null), cover("cat", null, "2026-12-03")] };
  test.each([
    ["amy", "2026-12-20", true],
    ["bob", "2026-11-30", false],
    ["bob", "2026-12-01", true],
    ["bob", "2026-12-03", true],
    ["bob", "2026-12-04", false],
    ["bob", "2026-12-10", true],
    ["cat", "2020-01-01", true],
    ["cat", "2026-12-04", false],
  ])("%s on %s: %s", (person, date, is) => expect(works(territory, person, date)).toBe(is));
  test("nobody by a row without dates", () => expect(works({ person_ids: [] }, "amy", "2026-12-01")).toBe(false));
});

test("a cadence counts from the last contact and begins its lead before the end", () => {
  expect(due({})).toMatchObject({ fromOn: "2026-11-16", toOn: "2026-11-19", channel: "visit", pk: null });
});

test("a skipped contact of a cadence leads to the next one", () => {
  const first = dueOfCadence("c", cadence, "2026-11-05");
  const next = cadenceDue(dueOfCadence("c", cadence, "2026-11-05"), cadence, "", (_source, fromOn) => (fromOn === first.fromOn ? "over" : "none"));
  expect(next?.toOn).toBe("2026-12-03");
});

test("a cadence is silent while a row of its own is open", () => {
  expect(cadenceDue(dueOfCadence("c", cadence, "2026-11-05"), cadence, "", () => "open")).toBeNull();
});

test("a touch that is done, skipped or put off until later is not due", () => {
  const open = { state: "open", customer_id: "c", channel: "call", due_from_on: today, due_to_on: today };
  expect(dueOfTouch(touch(open), noReason, today)).toMatchObject({ customerId: "c", channel: "call" });
  expect(dueOfTouch(touch({ ...open, state: "done" }), noReason, today)).toBeNull();
  expect(dueOfTouch(touch({ ...open, snoozed_until_on: "2026-11-20" }), noReason, today)).toBeNull();
  expect(dueOfTouch(touch({ ...open, snoozed_until_on: today }), noReason, today)).not.toBeNull();
});

test("what is late comes before what is not, and among the late the better tier", () => {
  const tiers: Record<string, string> = { a: "A", b: "B", c: "A" };
  const all = [due({ customerId: "c", toOn: "2026-11-19" }), due({ customerId: "b", toOn: "2026-10-01" }), due({ customerId: "a", toOn: "2026-11-18" })];
  expect(sortByUrgency(all, today, (pk) => tiers[pk] ?? "").map(({ customerId }) => customerId)).toEqual(["a", "b", "c"]);
});

test("an appointment of today is the next best action before anything that is late", () => {
  const late = due({ customerId: "late", toOn: "2026-11-01" });
  const timed = [due({ customerId: "13", toOn: today, time: "13:30" }), due({ customerId: "10", toOn: today, time: "10:30" })];
  expect(nextBest([late, ...timed], today)?.customerId).toBe("10");
  expect(nextBest([late], today)?.customerId).toBe("late");
});

test("the last date offered is the last that the cadence allows, and none is today", () => {
  const dates = nextDates(today, cadence);
  expect(dates.at(-1)).toBe("2026-12-03");
  expect(dates[0]).toBe("2026-11-20");
  expect(nextDates(today, null)).toHaveLength(3);
});

test("what was in order before stays where it was: what is gone is left out, and what is new comes last", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((customerId) => due({ customerId }));
  expect(asBefore([a!, b!, d!], [c!, b!, a!]).map(({ customerId }) => customerId)).toEqual(["b", "a", "d"]);
});
