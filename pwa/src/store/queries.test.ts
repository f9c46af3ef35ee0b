import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { fromBytes } from "../sync/core/utf8";
import { onChange, publishChange } from "./changes";
import { counts } from "./counts";
import type { OutboxRecord } from "./db";
import { newId } from "./ids";
import { lightList } from "./light";
import { watch } from "./live";
import { toRecord } from "./mirror";
import { enqueue } from "./outbox";
import { allOf, getChildren, getRow } from "./queries";
import { catalog, closeStores, freshStore, upsert } from "./testing";
import type { Fields, Store } from "./types";

afterEach(closeStores);

const put = (store: Store, entity: string, fields: Fields, pk = newId(), scope?: string) =>
  store.db.mirror.put(toRecord(catalog, upsert(entity, pk, fields, [1, 1], scope), 0)).then(() => pk);

/** Does to the newest outbox entry what parking does: acknowledged, and a parked row in its place. */
async function park(store: Store, code: string): Promise<OutboxRecord> {
  const entry = (await store.db.outbox.toCollection().last())!;
  await store.db.outbox.delete(entry.seq);
  const { id, entity, pk, op, parent } = entry;
  const fields = { mutation_id: id, mutation: fromBytes(entry.line), code, state: "open", entity, row_pk: pk, op, customer_id: parent };
  await put(store, "parked", fields, id, `person:${store.person}`);
  return entry;
}

test("children come latest first, in pages, with unsent ones in their places", async () => {
  const store = await freshStore();
  const customer = await put(store, "customer", { name: "永豐" });
  for (const started_at of [10, 30, 50]) await put(store, "interaction", { customer_id: customer, started_at });
  await put(store, "interaction", { customer_id: newId(), started_at: 40 });
  await enqueue(store, [{ entity: "interaction", pk: newId(), op: "create", fields: { customer_id: customer, started_at: 40 } }]);
  const first = await getChildren(store, "interaction", customer, { limit: 2 });
  expect(first.map(({ at, state }) => [at, state])).toEqual([[50, "server"], [40, "device"]]);
  const next = await getChildren(store, "interaction", customer, { limit: 2, before: first[1]!.at });
  expect(next.map(({ at }) => at)).toEqual([30, 10]);
});

test("a row moves to the place that its unsent change gives it", async () => {
  const store = await freshStore();
  const customer = newId();
  const a = await put(store, "touch", { customer_id: customer, due_from_on: "2026-11-01" });
  const b = await put(store, "touch", { customer_id: customer, due_from_on: "2026-11-05" });
  expect((await allOf(store, "touch")).map(({ pk }) => pk)).toEqual([b, a]);
  await enqueue(store, [{ entity: "touch", pk: a, op: "patch", fields: { due_from_on: "2026-11-20" } }]);
  expect((await allOf(store, "touch")).map(({ pk }) => pk)).toEqual([a, b]);
});

test("a deleted row is gone from every list before the server knows", async () => {
  const store = await freshStore();
  const pk = await put(store, "customer", { name: "永豐" });
  await enqueue(store, [{ entity: "customer", pk, op: "delete" }]);
  expect(await getRow(store, "customer", pk)).toBeNull();
  expect(await allOf(store, "customer")).toEqual([]);
});

test("a parked value stays on the screen as needs-you, one that only waits as held", async () => {
  const store = await freshStore();
  const customer = newId();
  const touch = newId();
  await enqueue(store, [{ entity: "touch", pk: touch, op: "create", fields: { customer_id: customer, due_from_on: "2026-11-01" } }]);
  const entry = await park(store, "assignee_disabled");
  expect(await getRow(store, "touch", touch)).toMatchObject({ state: "needs", rev: null, fields: { due_from_on: "2026-11-01" } });
  expect((await getChildren(store, "touch", customer)).map(({ state }) => state)).toEqual(["needs"]);
  expect((await counts(store)).needsYou).toBe(1);
  await enqueue(store, [{ entity: "touch", pk: touch, op: "create", fields: { customer_id: customer, due_from_on: "2026-11-02" }, supersedes: entry.id }]);
  expect(await getRow(store, "touch", touch)).toMatchObject({ state: "device", fields: { due_from_on: "2026-11-02" } });
  expect((await counts(store)).needsYou).toBe(0);
  const other = newId();
  await enqueue(store, [{ entity: "touch", pk: other, op: "create", fields: { customer_id: customer, due_from_on: "2026-11-09" } }]);
  await park(store, "depends_on_parked");
  expect(await getRow(store, "touch", other)).toMatchObject({ state: "held" });
});

test("parked bytes that nobody can read do not hide the row they are about", async () => {
  const store = await freshStore();
  const pk = await put(store, "customer", { name: "永豐" });
  await put(store, "parked", { mutation: "{", code: "undecodable", state: "open", entity: "customer", row_pk: pk }, newId(), `person:${store.person}`);
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "needs", fields: { name: "永豐" } });
});

test("an open conflict marks its row until it is answered, a closed one never", async () => {
  const store = await freshStore();
  const pk = await put(store, "customer", { phone: "1" });
  const about = { entity: "customer", row_pk: pk, customer_id: pk };
  await put(store, "conflict", { ...about, state: "resolved" });
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "server" });
  const conflict = await put(store, "conflict", { ...about, state: "open" });
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "needs" });
  await enqueue(store, [{ entity: "conflict", pk: conflict, op: "command", fields: { command: "resolve", expected_state: "open", choice: "current" } }]);
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "server" });
  expect(await getRow(store, "conflict", conflict)).toMatchObject({ state: "device" });
});

const until = async (check: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !check(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(check()).toBe(true);
};

test("a live query follows a write of another tab", async () => {
  const person = newId();
  const [here, there] = [await freshStore(person), await freshStore(person)];
  const seen: string[][] = [];
  const stop = watch(() => allOf(here, "customer"), (rows) => seen.push(rows.map(({ fields }) => String(fields["name"]))), (error) => { throw error; });
  await until(() => seen.length > 0);
  await enqueue(there, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "甲" } }]);
  await until(() => seen.at(-1)!.includes("甲"));
  stop();
});

test("the list in memory follows single rows and reads everything after a large change", async () => {
  const person = newId();
  const [here, there] = [await freshStore(person), await freshStore(person)];
  const pk = await put(here, "customer", { name: "甲" });
  const list = lightList(here, "customer", ({ fields }) => fields["name"]);
  await until(() => list.items.value !== null);
  await enqueue(there, [{ entity: "customer", pk, op: "patch", fields: { name: "乙" } }]);
  await until(() => list.items.value!.join() === "乙");
  await enqueue(there, [{ entity: "customer", pk, op: "delete" }]);
  await until(() => list.items.value!.length === 0);
  list.close();
});

test("a list that once could not be read follows what comes next, and holds what it missed", async () => {
  const store = await freshStore();
  const list = lightList(store, "customer", ({ fields }) => fields["name"]);
  await until(() => list.items.value !== null);
  vi.spyOn(store.db.mirror, "get").mockImplementationOnce(() => Promise.reject(new Error("broken")) as never);
  for (const pk of await Promise.all(["甲", "乙"].map((name) => put(store, "customer", { name })))) publishChange(store, { rows: [["customer", pk]] });
  await until(() => list.items.value!.length === 2);
  list.close();
});

test("an act tells the sender's tab that something waits", async () => {
  const store = await freshStore();
  const heard: unknown[] = [];
  onChange(store, ({ enqueued }) => heard.push(enqueued));
  await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "甲" } }]);
  expect(heard).toEqual([true]);
  expect(await counts(store)).toMatchObject({ waiting: 1, oldestWaitingAt: expect.any(Number) });
});
