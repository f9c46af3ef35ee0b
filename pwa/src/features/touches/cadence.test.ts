/** Which contacts several cadences ask for of one customer, and what settles, moves or silences each. */
import { describe, expect, test } from "vitest";
import type { Contacts } from "../../sync/core/cadence";
import { lightOf } from "../customers/model";
import type { CustomerLight } from "../customers/queries";
import { cadenceProducer, type Cadence } from "./cadence";
import { leadOf, strongestFirst, type Due } from "./model";
import type { SettledOf } from "./producers";

const asking = (pk: string, change: Partial<Cadence>): Cadence => ({
  ...{ pk, name: "", tier: "", stage: "", industry: "", tags: [], everyDays: 30, leadDays: 5, channel: "visit", pausedUntilOn: "", isOwn: false },
  ...change,
});
const visit = asking("v", { tier: "A", everyDays: 90, leadDays: 14, name: "A 級每季拜訪" });
const call = asking("c", { tier: "A", everyDays: 15, leadDays: 3, channel: "call" });
const mail = asking("e", { tags: ["電子報"], everyDays: 7, leadDays: 1, channel: "email" });

const at = (date: string): number => Date.parse(`${date}T04:00:00Z`);
const row = (fields: object): CustomerLight =>
  lightOf({ entity: "customer", pk: "x", rev: null, state: "server", pending: [], at: 0, fields: { tier: "A", tags: ["電子報"], created_at: at("2026-01-01"), ...fields } });

const never: SettledOf = () => "none";

function dues(fields: object, more: { planned?: readonly Due[]; settled?: SettledOf; unsent?: Contacts; cadences?: readonly Cadence[] } = {}): readonly Due[] {
  const { planned = [], settled = never, unsent = {}, cadences = [mail, call, visit] } = more;
  const { duesOf } = cadenceProducer(cadences, new Map([["x", unsent]]), "Asia/Taipei");
  return duesOf({ customer: row(fields), planned, settled });
}

const ends = (all: readonly Due[]): string[] => all.map(({ channel, toOn }) => `${channel} ${toOn}`);

test("each channel counts from its own last contact or a stronger one", () => {
  const contacts = { last_visit_at: at("2026-09-01"), last_call_at: at("2026-11-02"), last_email_at: at("2026-10-01") };
  expect(ends(dues(contacts))).toEqual(["visit 2026-11-30", "call 2026-11-17", "email 2026-11-09"]);
  expect(ends(dues({ ...contacts, last_visit_at: at("2026-11-03") }))).toEqual(["visit 2027-02-01", "call 2026-11-18", "email 2026-11-10"]);
});

test("a contact that only this device knows counts at once", () => {
  expect(ends(dues({}, { unsent: { call: at("2026-11-02") } }))).toEqual(["visit 2026-04-01", "call 2026-11-17", "email 2026-11-09"]);
});

test("a row of an older server tells of the last contact alone", () => {
  expect(ends(dues({ last_contact_at: at("2026-11-02"), last_contact_channel: "call" }))).toEqual(["visit 2026-04-01", "call 2026-11-17", "email 2026-11-09"]);
});

test("what a customer lacks is not asked for: another tier, a tag, one who was lost", () => {
  expect(ends(dues({ tier: "B" }))).toEqual(["email 2026-01-08"]);
  expect(ends(dues({ tags: [] }))).toHaveLength(2);
  expect(dues({ stage: "lost" })).toEqual([]);
});

test("an own interval takes the place of the cadence's, under the same id, and its words say so", () => {
  const [own] = dues({ visit_every_days: 7, last_visit_at: at("2026-11-02") });
  expect(own).toMatchObject({ toOn: "2026-11-09", reason: { everyDays: 7, isOwn: true }, ask: { source: "v" } });
});

test("a planned contact silences what it counts for, and nothing stronger", () => {
  const [stronger, planned] = dues({});
  expect(ends(dues({}, { planned: [planned!] }))).toEqual([ends([stronger!])[0]]);
  expect(dues({}, { planned: [stronger!] })).toEqual([]);
});

describe("a pause", () => {
  const last = { last_visit_at: at("2026-09-01"), last_call_at: at("2026-11-02") };
  test("of the customer moves what falls into it to its end, and leaves what comes later", () => {
    expect(ends(dues({ ...last, paused_until_on: "2026-11-25" }))).toEqual(["visit 2026-11-30", "call 2026-11-27", "email 2026-11-26"]);
  });
  test("of a cadence moves that one, until the later of both", () => {
    const cadences = [{ ...call, pausedUntilOn: "2026-12-01" }, visit];
    expect(ends(dues(last, { cadences }))).toEqual(["visit 2026-11-30", "call 2026-12-04"]);
    expect(ends(dues({ ...last, paused_until_on: "2026-12-07" }, { cadences }))).toEqual(["visit 2026-12-21", "call 2026-12-10"]);
  });
});

test("a skipped contact leads to its channel's next, and leaves the others", () => {
  const first = dues({ last_visit_at: at("2026-11-03") });
  const settled: SettledOf = (source, on) => (source === "c" && on === first[1]?.fromOn ? "over" : "none");
  expect(ends(dues({ last_visit_at: at("2026-11-03") }, { settled }))).toEqual(["visit 2027-02-01", "call 2026-12-03", "email 2026-11-10"]);
});

describe("of several that are due", () => {
  const contacts = { last_visit_at: at("2026-08-01"), last_call_at: at("2026-10-20") };
  test("the strongest of the most urgent stands first and says which others it settles", () => {
    const today = "2026-11-30";
    const [lead] = strongestFirst(dues(contacts), today);
    expect(leadOf(strongestFirst(dues(contacts), today), today)).toEqual({ ...lead, channel: "visit", also: ["call", "email"] });
  });
  test("a weaker one that is more urgent stands before a stronger one", () => {
    const today = "2026-11-06";
    expect(leadOf(strongestFirst(dues({ ...contacts, last_visit_at: at("2026-08-20") }), today), today)).toMatchObject({ channel: "call", also: ["email", "visit"] });
  });
  test("the same lead is the same object, so that nothing about it is worked out again", () => {
    const sorted = strongestFirst(dues(contacts), "2026-11-30");
    expect(leadOf(sorted, "2026-11-30")).toBe(leadOf(sorted, "2026-11-30"));
  });
});
