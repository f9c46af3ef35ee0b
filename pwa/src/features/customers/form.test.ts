/** Days that no year has are refused where they are typed. */
import { expect, test } from "vitest";
import { faults, wantedOf } from "./form";

const born = (birthday_kind: string, birthday_month: string, birthday_day: string, birthday_year = ""): string[] => faults("contact", { name: "王", birthday_kind, birthday_month, birthday_day, birthday_year });

test.each([
  [born("solar", "2", "29"), []],
  [born("solar", "2", "30"), ["birthday_day"]],
  [born("solar", "2", "29", "1989"), ["birthday_year"]],
  [born("lunar", "1", "30"), []],
  [born("lunar", "1", "31"), ["birthday_day"]],
  [born("lunar", "13", "1"), ["birthday_month"]],
  [born("lunar_leap", "6", "15", "2025"), []],
  [born("lunar_leap", "6", "15", "2026"), ["birthday_year"]],
  [born("lunar_leap", "1", "1"), ["birthday_kind"]],
  [born("lunar", "", ""), []],
])("%j is what is wrong: %j", (found, wrong) => expect(found).toEqual(wrong));

test("an anniversary is solar unless somebody says otherwise, and needs its month and day", () => {
  expect(faults("anniversary", { label: "創立", month: "", day: "5" })).toEqual(["month"]);
  expect(wantedOf("anniversary", { label: "創立", month: "11", day: "5" })).toMatchObject({ calendar: "solar", month: 11, day: 5, year: null });
});
