/** Dates in the company's zone, numbers, plurals and legal forms. */
import { beforeAll, expect, test } from "vitest";
import { addDays, ago, bytes, dateOf, day, daysBetween, longDate, money, nameParts, nearest, setZone, shortDate, speak, t, timeOf } from "./index";

beforeAll(async () => {
  await speak("zh-Hant");
});

test("an instant late in the evening in Taipei is that day, whatever the device's zone", () => {
  const at = Date.parse("2026-11-19T15:59:00Z");
  expect([dateOf(at), timeOf(at)]).toEqual(["2026-11-19", "23:59"]);
  expect(dateOf(at + 60_000)).toBe("2026-11-20");
});

test("where the clocks change, the days before and after are still right", () => {
  setZone("Europe/Berlin");
  const dates = ["2026-03-28T22:59:00Z", "2026-03-28T23:01:00Z", "2026-03-29T21:59:00Z", "2026-03-29T22:01:00Z"].map((at) => dateOf(Date.parse(at)));
  setZone("Asia/Taipei");
  expect(dates).toEqual(["2026-03-28", "2026-03-29", "2026-03-29", "2026-03-30"]);
});

test("an unknown zone is not taken over", () => {
  setZone("Mars/Olympus");
  expect(dateOf(Date.parse("2026-11-19T16:00:00Z"))).toBe("2026-11-20");
});

test("days are counted by the calendar", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(daysBetween("2026-11-19", "2026-11-16")).toBe(-3);
});

test("near days have names, others a date, other years their year", () => {
  const now = "2026-11-19";
  expect(["2026-11-18", now, "2026-11-20", "2026-11-24"].map((date) => day(date, shortDate, now))).toEqual(["昨天", "今天", "明天", "11/24"]);
  expect(shortDate("2025-10-01", now)).toBe("2025/10/1");
  expect(longDate(now)).toBe("11月19日 週四");
});

test("spans are told in the largest unit that fits", () => {
  const now = 1_000_000_000;
  expect([0, 17 * 60_000, 3 * 3_600_000, 50 * 3_600_000].map((span) => ago(now - span, now))).toEqual(["剛剛", "17 分前", "3 小時前", "2 天前"]);
});

test("money and sizes read as in Taiwan", () => {
  expect(money(128_600_000, "TWD")).toBe("NT$1,286,000");
  expect([bytes(900), bytes(214_000_000), bytes(1_800_000_000)]).toEqual(["900 B", "214 MB", "1.8 GB"]);
});

test.each([
  ["聯翔生技醫材股份有限公司", null, "", "聯翔生技醫材", "股份有限公司"],
  ["聯翔生技醫材", "股份有限公司", "", "聯翔生技醫材", "股份有限公司"],
  ["財團法人中部金屬中心", null, "財團法人", "中部金屬中心", ""],
  ["中部金屬中心", "財團法人", "財團法人", "中部金屬中心", ""],
  ["Around the Horn", null, "", "Around the Horn", ""],
  ["有限公司", null, "", "有限公司", ""],
])("%s with %s is parted", (full, form, before, name, after) => expect(nameParts(full, form)).toEqual({ before, name, after }));

test("a browser's language leads to the nearest one we speak", () => {
  expect([["zh-CN"], ["zh-HK"], ["de", "en-US"], ["ja"]].map(nearest)).toEqual(["zh-Hans", "zh-Hant", "en", "zh-Hant"]);
});

test("English counts one and many", async () => {
  await speak("en");
  expect([t("due.late", { n: 1 }), t("due.late", { n: 3 })]).toEqual(["1 day overdue", "3 days overdue"]);
  await speak("zh-Hant");
});
