/** Occasions on a device: asked for once, many alike in one row, and whoever acted is seen. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { addDays, speak, today, wholeLanguage } from "../../i18n/index";
import { allOf, makeCatalog, newId, openStore, type Store } from "../../store";
import { toRecord } from "../../store/mirror";
import { toBytes } from "../../sync/core/utf8";
import { generatedPk } from "../../sync/core/window";
import { customerOf, keepCustomers } from "../customers/queries";
import { completeTouch } from "../touches/commands";
import { duesWith, keepTouches, myDues, myGroups, nextOf, touchIdOf } from "../touches/queries";
import { entriesNow, entriesWith, keepOccasions } from "./queries";
import { isOver } from "./words";

const [customer, person, contact, patch] = [newId(), newId(), newId(), newId()];
const on = addDays(today(), 2);
let store: Store;
let stops: (() => void)[] = [];

const put = (entity: string, pk: string, fields: object): Promise<unknown> =>
  store.db.mirror.put(toRecord(store.catalog, { op: "upsert", entity, pk, row_rev: [1, 1], scope: "all", agg: 1, body: toBytes(JSON.stringify(fields)) } as never, 0));

beforeEach(async () => {
  await speak("zh-Hant");
  await wholeLanguage();
  store = await openStore(person, makeCatalog(catalogue));
  const [month, day] = [Number(on.slice(5, 7)), Number(on.slice(8))];
  await put("territory", patch, { name: "北區", person_ids: [person] });
  await put("customer", customer, { name: "永豐", tier: "A", territory_id: patch });
  await put("contact", contact, { customer_id: customer, name: "王建宏", birthday_kind: "solar", birthday_month: month, birthday_day: day });
  await put("contact", newId(), { customer_id: customer, name: "錯", birthday_kind: "lunar", birthday_month: 13, birthday_day: 31 });
  await put("occasion", newId(), { key: "own", kind: "company", name: "廠慶", calendar: "solar", month, day, shift_days: 0, lead_days: 5, channel: "call", tiers: ["A"], tags: [], is_active: true });
  stops = [keepCustomers, keepTouches, keepOccasions].map((begin) => begin(store));
  await vi.waitFor(() => expect(duesWith(customer)).toHaveLength(2));
});

afterEach(async () => {
  stops.forEach((stop) => stop());
  store.close();
  await store.db.delete();
});

const birthday = () => duesWith(customer).find(({ contactId }) => contactId === contact)!;

test("a birthday is one of my dues, and what many customers share stands in one row of its own", () => {
  expect(myDues.value?.map(({ reason }) => reason)).toEqual([{ kind: "occasion", words: "王建宏生日", on, group: "" }]);
  expect(myGroups.value).toMatchObject([{ words: "廠慶", on, count: 1 }]);
  expect(nextOf.value?.get(customer)?.contactId).toBe(contact);
});

test("one that is done is asked for no more, under the id that every device computes, and is seen as done", async () => {
  expect(touchIdOf(birthday())).toBe(generatedPk(contact, customer, on));
  const undo = await completeTouch(store, birthday());
  expect(await allOf(store, "touch")).toMatchObject([{ pk: generatedPk(contact, customer, on), fields: { state: "done", why: "王建宏生日", contact_id: contact } }]);
  await vi.waitFor(() => expect(duesWith(customer)).toHaveLength(1));
  expect(entriesNow.value?.map(({ touch }) => isOver(touch))).toEqual([true, false]);
  await undo();
  await vi.waitFor(() => expect(duesWith(customer)).toHaveLength(2));
});

test("what a colleague did is seen, and is not mine to do", async () => {
  const pk = generatedPk(contact, customer, on);
  await put("touch", pk, { customer_id: customer, assignee_id: newId(), state: "done", channel: "call", due_from_on: today(), due_to_on: today() });
  stops.pop()?.();
  stops.pop()?.();
  stops.push(keepTouches(store), keepOccasions(store));
  await vi.waitFor(() => expect(entriesWith(customerOf(customer)!).map(({ touchId, touch }) => [touchId === pk, isOver(touch)])).toEqual([[true, true], [false, false]]));
  expect(myDues.value).toEqual([]);
});
