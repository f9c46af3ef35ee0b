/** When days are kept, in which words, and for whom the company greets. */
import { beforeAll, expect, test } from "vitest";
import { speak } from "../../i18n/index";
import { wholeLanguage } from "../../i18n/language";
import type { Row } from "../../store";
import { exists } from "../../sync/core/occasion";
import listed from "../../../../config/catalogs/occasions.json";
import type { CustomerLight } from "../customers/queries";
import { comingOf, daysFrom, dueOf, wordsOf, type OwnDay } from "./model";
import { isFor, rulesOf, yearlyOf } from "./rules";

beforeAll(async () => {
  await speak("zh-Hant");
  await wholeLanguage();
});

const day = (change: Partial<OwnDay>): OwnDay => ({ source: "s", customerId: "c", contactId: "p", kind: "birthday", label: "王建宏", yearly: yearlyOf("solar", 11, 27), year: null, ...change });
const row = (pk: string, fields: Row["fields"]): Row => ({ entity: "occasion", pk, fields, rev: null, state: "server", pending: [], at: "" });
const customer = (change: Partial<CustomerLight>): CustomerLight => ({ tier: "A", tags: [], stage: "", ...change }) as CustomerLight;
const idOf = (key: string): string => listed.find((each) => each.key === key)!.id;

test("a birthday is said by its name, an anniversary by how often it has come round", () => {
  expect(wordsOf(day({}), "2026-11-27")).toBe("王建宏生日");
  expect(wordsOf(day({ kind: "anniversary", label: "創立紀念日", year: 1996 }), "2026-11-27")).toBe("創立紀念日 30 週年");
});

test("a lunar anniversary in January counts from its lunar year", () => {
  expect(wordsOf(day({ kind: "anniversary", label: "開業", yearly: yearlyOf("lunar", 12, 8), year: 2020 }), "2027-01-15")).toBe("開業 6 週年");
});

test("a day asks from its lead on and not before", () => {
  const [rule] = rulesOf([], "zh-Hant");
  expect(dueOf(day({}), rule!, "2026-11-27", "2026-11-19")).toBeNull();
  expect(dueOf(day({}), rule!, "2026-11-27", "2026-11-20")).toMatchObject({ fromOn: "2026-11-20", toOn: "2026-11-27", contactId: "p", reason: { kind: "occasion", words: "王建宏生日", group: "" }, ask: { source: "s", on: "2026-11-27" } });
});

test("the days of a customer come in their order, and one that no year has is left out", () => {
  const days = [day({}), day({ source: "t", yearly: yearlyOf("lunar", 10, 16) }), day({ source: "x", yearly: yearlyOf("lunar", 13, 1) })];
  expect(comingOf(days, "2026-11-22").map(({ source, on, lunar }) => [source, on, lunar])).toEqual([["t", "2026-11-24", "農曆十月十六"], ["s", "2026-11-27", ""]]);
});

test("one day is worked out once for all who share it", () => {
  let asked = 0;
  const dayOf = daysFrom("2026-11-22", () => ((asked += 1), "2026-11-27"));
  expect([dayOf(yearlyOf("solar", 11, 27)), dayOf(yearlyOf("solar", 11, 27)), asked]).toEqual(["2026-11-27", "2026-11-27", 1]);
});

test("every listed occasion has a day that there is, a name in each language and an id of its own", () => {
  expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  for (const { calendar, month, day: on, names } of listed) {
    expect(calendar === undefined || exists(yearlyOf(calendar, month, on))).toBe(true);
    expect(Object.keys(names)).toEqual(["zh-Hant", "zh-Hans", "en"]);
  }
});

test("a row takes the place of what is listed, and a company has days of its own", () => {
  const own = { key: "own", kind: "company", name: "廠慶", calendar: "solar", month: 12, day: 2, lead_days: 3, channel: "visit", is_active: true };
  const names = rulesOf([row(idOf("mid_autumn"), { is_active: false }), row(idOf("lantern"), { is_active: true, lead_days: 2 }), row("own", own)], "en").map(({ name }) => name);
  expect(names).toContain("Lantern Festival");
  expect(names).toContain("廠慶");
  expect(names).not.toContain("Mid-Autumn Festival");
});

test("tiers or tags say who is greeted, and whoever was lost is left alone", () => {
  const rule = rulesOf([], "en").find(({ pk }) => pk === idOf("dragon_boat"))!;
  expect([isFor(rule, customer({})), isFor(rule, customer({ tier: "C" })), isFor({ ...rule, tags: ["VIP"] }, customer({ tier: "C", tags: ["VIP"] })), isFor(rule, customer({ stage: "lost" }))]).toEqual([true, false, true, false]);
});
