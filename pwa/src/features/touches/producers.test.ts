/** Any feature may ask for contacts: they are shown, acted on under one id, and gone once settled. */
import "fake-indexeddb/auto";
import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { addDays, today } from "../../i18n/index";
import { allOf, enqueue, makeCatalog, newId, openStore, type Store } from "../../store";
import { generatedPk } from "../../sync/core/window";
import { keepCustomers } from "../customers/queries";
import { skipTouch, snoozeTouch } from "./commands";
import type { Due } from "./model";
import { addProducer, keepTouches, nextOf, type Known, type Producer } from "./queries";

const [customer, person, source, on] = [newId(), newId(), newId(), today()];
let store: Store;
let stops: (() => void)[] = [];

const birthday: Due = {
  ...{ pk: null, customerId: customer, channel: "call", fromOn: on, toOn: on, time: "", why: "生日", reason: null },
  ...{ ask: { source, on, fields: { why: "生日" } }, assigneeId: "", contactId: "", state: "server" },
};
/** Asks once, whatever is planned. */
const duesOf = ({ settled }: Known): readonly Due[] => (settled(source, on) === "none" ? [birthday] : []);
const producer: Producer = { duesOf, reasonOf: () => null };

const next = (): Due | undefined => nextOf.value?.get(customer);

beforeEach(async () => {
  store = await openStore(person, makeCatalog(catalogue));
  stops = [keepCustomers(store), keepTouches(store), addProducer(signal(producer))];
  await enqueue(store, [{ entity: "customer", pk: customer, op: "create", fields: { name: "永豐" } }]);
  await vi.waitFor(() => expect(next()).toEqual(birthday));
});

afterEach(async () => {
  stops.forEach((stop) => stop());
  store.close();
  await store.db.delete();
});

test("what is asked for and skipped is a row under the id that all devices compute, and is asked for no more", async () => {
  await skipTouch(store, birthday);
  const [row] = await allOf(store, "touch");
  expect(row).toMatchObject({ pk: generatedPk(source, customer, on), fields: { why: "生日", state: "skipped", due_to_on: on } });
  await vi.waitFor(() => expect(next()).toBeUndefined());
});

test("what was put off until another day is quiet until then, and asked for again when that is taken back", async () => {
  const undo = await snoozeTouch(store, birthday, addDays(on, 7));
  await vi.waitFor(() => expect(next()).toBeUndefined());
  await undo();
  await vi.waitFor(() => expect(next()).toEqual(birthday));
});

test("a planned contact and one that is asked for stand beside each other, the more urgent first", async () => {
  const planned = { customer_id: customer, assignee_id: person, state: "open", channel: "visit", due_from_on: addDays(on, 3), due_to_on: addDays(on, 3) };
  await enqueue(store, [{ entity: "touch", pk: newId(), op: "create", fields: planned }]);
  await vi.waitFor(async () => expect(await allOf(store, "touch")).toHaveLength(1));
  expect(next()).toEqual(birthday);
  await enqueue(store, [{ entity: "touch", pk: newId(), op: "create", fields: { ...planned, due_from_on: addDays(on, -2), due_to_on: addDays(on, -2) } }]);
  await vi.waitFor(() => expect(next()?.channel).toBe("visit"));
});

test("a producer that has gone asks for nothing", async () => {
  stops.pop()?.();
  expect(next()).toBeUndefined();
});
