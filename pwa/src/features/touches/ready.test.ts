/** Today as it was kept is shown only while it is still true. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { toBytes } from "../../sync/core/utf8";
import { addDays, today } from "../../i18n/index";
import { enqueue, makeCatalog, newId, openStore, readMark, readReady, type Store } from "../../store";
import { toRecord } from "../../store/mirror";
import { customerOf, keepCustomers } from "../customers/queries";
import { keepPromises, myPromises } from "../promises/queries";
import { keepTouches, myDues } from "./queries";
import { forgetToday, keepToday, recallToday } from "./ready";

let store: Store;
let stops: (() => void)[] = [];
const [customer, person] = [newId(), newId()];

const put = (entity: string, pk: string, fields: object): Promise<unknown> => {
  const body = toBytes(JSON.stringify(fields));
  return store.db.mirror.put(toRecord(store.catalog, { op: "upsert", entity, pk, row_rev: [1, 1], scope: "all", agg: 1, body } as never, 0));
};

beforeEach(async () => {
  store = await openStore(person, makeCatalog(catalogue));
  await put("customer", customer, { name: "永豐", tier: "A", phone: "04" });
  await put("touch", newId(), { customer_id: customer, assignee_id: person, state: "open", due_from_on: today(), due_to_on: today(), channel: "call" });
  await put("promise", newId(), { customer_id: customer, what: "寄報價單", owner_id: person, state: "open", due_on: today() });
  stops = [keepCustomers, keepTouches, keepPromises, keepToday].map((begin) => begin(store));
  await vi.waitFor(async () => expect(await readReady(store)).not.toBeNull(), { timeout: 8000, interval: 100 });
  stops.forEach((stop) => stop());
  forgetToday();
  stops = [];
});

afterEach(async () => {
  stops.forEach((stop) => stop());
  forgetToday();
  vi.useRealTimers();
  store.close();
  await store.db.delete();
});

test("the next start shows it before any list is read, and forgets it with its person", async () => {
  expect(myDues.value).toBeUndefined();
  expect(await recallToday(store)).toBe(true);
  expect(myDues.value?.map(({ customerId }) => customerId)).toEqual([customer]);
  expect(myPromises.value?.map(({ what }) => what)).toEqual(["寄報價單"]);
  expect(customerOf(customer)?.name).toBe("永豐");
  forgetToday();
  expect([myDues.value, myPromises.value, customerOf(customer)]).toEqual([undefined, undefined, null]);
});

test("the lists take its place as soon as they are read", async () => {
  await put("customer", customer, { name: "永豐二", tier: "A" });
  expect(await recallToday(store)).toBe(true);
  stops = [keepCustomers, keepTouches].map((begin) => begin(store));
  await vi.waitFor(() => expect(customerOf(customer)?.name).toBe("永豐二"));
});

test("nothing is shown that was kept before the last act, or on another day", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(`${addDays(today(), 1)}T12:00:00Z`) });
  expect(await recallToday(store)).toBe(false);
  vi.useRealTimers();
  expect(await recallToday(store)).toBe(true);
  const mark = await readMark(store);
  await enqueue(store, [{ entity: "touch", pk: newId(), op: "create", fields: { customer_id: customer, due_from_on: today(), due_to_on: today() } }]);
  expect(await readMark(store)).not.toEqual(mark);
  expect(await recallToday(store)).toBe(false);
});
