import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { newId } from "./ids";
import { writeMeta } from "./meta";
import { enqueue } from "./outbox";
import { wipeMirror } from "./people";
import { keepReady, readMark, readReady } from "./ready";
import { closeStores, freshStore } from "./testing";
import type { Store } from "./types";

afterEach(closeStores);

async function ready(): Promise<Store> {
  const store = await freshStore();
  await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "永豐" } }]);
  await keepReady(store, await readMark(store), ["永豐"]);
  return store;
}

test("what was kept is there while nothing has happened", async () => {
  expect(await readReady(await freshStore())).toBeNull();
  expect(await readReady(await ready())).toEqual(["永豐"]);
});

test.each<[string, (store: Store) => Promise<unknown>]>([
  ["an act", (store) => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "合興" } }])],
  ["the server's answer", (store) => store.db.outbox.toCollection().modify({ acked: 1 })],
  ["a settled mutation", (store) => store.db.outbox.clear()],
  ["a page", (store) => writeMeta(store.db, { cursor: "next" })],
  ["a downloaded chunk", (store) => writeMeta(store.db, { downloadedRows: 500 })],
])("after %s it counts no more", async (_, act) => {
  const store = await ready();
  await act(store);
  expect(await readReady(store)).toBeNull();
});

test("a wipe leaves nothing of it on the device, and a late writer brings nothing back", async () => {
  const store = await ready();
  await writeMeta(store.db, { cursor: "here" });
  const mark = await readMark(store);
  await wipeMirror(store);
  await keepReady(store, mark, ["永豐"]);
  expect(await store.db.meta.get("ready")).toBeUndefined();
});
