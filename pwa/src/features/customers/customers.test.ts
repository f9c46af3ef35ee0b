/** The list's order and filters, what an edit form makes of typed words, and the links to a phone's own apps. */
import { expect, test } from "vitest";
import { faults, typedOf, wantedOf } from "./form";
import { filtered, inNameOrder, ordered, sortOf } from "./list";
import { lineLink, mapLink, siteOf, telLink, type CustomerLight } from "./model";

const light = (pk: string, name: string, tier: string): CustomerLight => ({
  pk, name, tier, stage: "", industry: "", tags: [], pausedUntilOn: "", everyDays: {}, contacts: {}, legalForm: "", phone: "", fold: "", unfolded: null, territoryId: "", lastContactAt: null, lastContactBy: "", createdAt: null, state: "server",
});
const all = [light("1", "宏晟", "A"), light("2", "大同", "B"), light("3", "中鋼", "A")];
const facts = { byUrgency: ["2", "3", "gone"], openedAt: (pk: string) => (pk === "3" ? 5 : 0) };
const all3 = { tier: "", lateOnly: false, hits: null, isLate: (pk: string) => pk === "2" };
const pks = (items: readonly CustomerLight[]): string => items.map(({ pk }) => pk).join("");

test("the most due stand first, those with nothing due last", () => expect(pks(ordered(all, "due", facts))).toBe("231"));
test("the order of names is the same from an earlier order as from none", () => {
  const named = (name: string, pk = name): CustomerLight => ({ ...all[0]!, pk, name });
  const before = inNameOrder(["王", "永豐", "大同", "合興"].map((name) => named(name)), []);
  const now = [named("阿里"), named("大同"), named("中鋼", "王"), named("合興")];
  expect(pks(inNameOrder(now, before))).toBe(pks(inNameOrder(now, [])));
  expect(inNameOrder(now, before).map(({ name }) => name)).toEqual(now.map(({ name }) => name).sort(new Intl.Collator("zh-Hant-TW").compare));
});

test("those opened lately stand first when asked for", () => expect(pks(ordered(all, "recent", facts))[0]).toBe("3"));
test("filters of tier, lateness and search add up and keep the order", () => {
  expect(pks(filtered(all, { ...all3, tier: "A" }))).toBe("13");
  expect(pks(filtered(all, { ...all3, lateOnly: true }))).toBe("2");
  expect(pks(filtered(all, { ...all3, tier: "A", hits: new Set(["1", "2"]) }))).toBe("1");
});
test("an unknown order in the address means the usual one", () => expect(sortOf("x")).toBe("due"));

test("what was not touched in a form comes out as it went in", () => {
  const fields = { name: "宏晟", legal_form: null, tier: "A", phone: "04", tags: ["a", "b"], notes: "一\n二", payment_terms: null, credit_limit_minor: 200_000_00, credit_currency: "TWD" };
  expect(wantedOf("customer", typedOf("customer", fields))).toMatchObject(fields);
});

test("an emptied box means nothing, and tags are parted by any comma", () => {
  const typed = { ...typedOf("customer", { name: "宏晟", phone: "04" }), phone: " ", tags: "重點，有合約、b" };
  expect(wantedOf("customer", typed)).toMatchObject({ phone: null, tags: ["b", "有合約", "重點"] });
});

test("a credit limit without a currency is in the company's own", () => {
  expect(wantedOf("customer", { name: "x", credit_limit_minor: "1,000" })).toMatchObject({ credit_limit_minor: 100_000, credit_currency: "TWD" });
});

test("a missing name, a limit that is no number and an odd currency are faults", () => {
  expect(faults("customer", { name: "", credit_limit_minor: "many", credit_currency: "nt" })).toEqual(["name", "credit_limit_minor", "credit_currency"]);
});

test("links keep what a phone can dial, and point maps to the place", () => {
  expect(telLink("04-2359 1234 分機 5")).toBe("tel:0423591234,5");
  expect(telLink("+886 4 2359-1234")).toBe("tel:+886423591234");
  expect(lineLink("wang.jh")).toBe("https://line.me/R/ti/p/~wang.jh");
  const site = siteOf({ entity: "site", pk: "s", rev: null, state: "server", pending: [], at: "", fields: { lat_e7: 241_234_567, lon_e7: 1_206_789_012 } });
  expect(mapLink(site)).toContain("24.1234567%2C120.6789012");
});
