/** A team's day from a manager's device: whose is what, and who needs help first. */
import { beforeAll, expect, test } from "vitest";
import { setZone } from "../../i18n/index";
import type { CustomerLight } from "../customers/queries";
import type { Colleague } from "../people/queries";
import type { Due } from "../touches/queries";
import { reportsOf, teamDay, worst } from "./model";

const DATE = "2026-11-23";
beforeAll(() => setZone("Asia/Taipei"));

const person = (pk: string, managerId: string, isActive = true): Colleague => ({ pk, name: pk, managerId, isActive }) as Colleague;
const colleagues = [person("boss", "top"), person("lead", "boss"), person("rep", "lead"), person("other", "boss"), person("gone", "boss", false), person("apart", "top")];
const customer = (pk: string, territoryId: string, lastContactBy = "", lastContactAt: number | null = null, tier = "B"): CustomerLight => ({ pk, territoryId, lastContactBy, lastContactAt, tier }) as CustomerLight;
const due = (customerId: string, toOn: string, assigneeId = "", time = ""): Due => ({ customerId, fromOn: toOn, toOn, assigneeId, time }) as Due;
const patch = (pk: string, ...person_ids: string[]) => ({ pk, fields: { person_ids } }) as never;
const at = (hour: number): number => Date.parse(`${DATE}T00:00:00+08:00`) + hour * 3_600_000;

test("a team is everybody who reports to one, through others too, and still works here", () => {
  expect(reportsOf("boss", colleagues).map(({ pk }) => pk)).toEqual(["lead", "rep", "other"]);
  expect(reportsOf("rep", colleagues)).toEqual([]);
  expect(reportsOf("a", [person("a", "b"), person("b", "a")]).map(({ pk }) => pk)).toEqual(["b"]);
});

const company = {
  colleagues,
  territories: [patch("north", "rep"), patch("south", "rep", "other"), patch("east", "apart")],
  customers: [customer("n1", "north", "rep", at(10)), customer("n2", "north", "rep", at(9)), customer("s1", "south", "other", at(-3)), customer("e1", "east"), customer("s2", "south")],
  dues: [due("n1", "2026-11-20"), due("s1", "2026-11-22", "other"), due("n2", DATE), due("s2", DATE, "", "13:30"), due("e1", "2026-11-01")],
  date: DATE,
};
const days = teamDay(reportsOf("boss", colleagues), company);
const of = (pk: string) => days.find((day) => day.person.pk === pk)!;

test("a contact is whoever was asked, else of all who work the patch; nobody else's counts", () => {
  expect(of("rep").late.map(({ customerId }) => customerId)).toEqual(["n1"]);
  expect(of("other").late.map(({ customerId }) => customerId)).toEqual(["s1"]);
  expect(of("other").today.map(({ customerId }) => customerId)).toEqual(["s2"]);
  expect(of("lead")).toMatchObject({ late: [], today: [], done: [], lastAt: null });
});

test("what has its hour stands first, and what was done is of this day alone", () => {
  expect(of("rep").today.map(({ customerId }) => customerId)).toEqual(["s2", "n2"]);
  expect(of("rep").done.map(({ pk }) => pk)).toEqual(["n1", "n2"]);
  expect(of("other")).toMatchObject({ done: [], lastAt: at(-3) });
});

test("whoever has more that is late, then more to do, stands on top", () => {
  expect(days.map(({ person: { pk } }) => pk)).toEqual(["rep", "other", "lead"]);
});

test("first come the most important customers, then those that wait for longest, each once", () => {
  const tier = (pk: string): string => (pk === "s1" ? "A" : "B");
  expect(worst(days, tier, 5).map(({ due: { customerId } }) => customerId)).toEqual(["s1", "n1"]);
  expect(worst(days, tier, 1)).toHaveLength(1);
});
