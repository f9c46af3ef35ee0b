/** A database that the browser takes away from under the open app comes back as a new device, and the person hears of it. */
import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onChange } from "./changes";
import { watchStatus } from "./counts";
import { flushDrafts, loadDraft, saveDraft } from "./drafts";
import { beginAnew } from "./evicted";
import { newId } from "./ids";
import { lightList } from "./light";
import { readMeta } from "./meta";
import { databaseName } from "./open";
import { enqueue } from "./outbox";
import { INITIAL_STATUS, setStatus, status } from "./status";
import { closeStores, freshStore } from "./testing";
import type { Store } from "./types";

let store: Store;
let stop: () => void;

beforeEach(async () => {
  setStatus(INITIAL_STATUS);
  store = await freshStore();
  stop = onChange(store, ({ evicted }) => evicted && beginAnew(store));
});
afterEach(() => {
  stop();
  closeStores();
});

const write = (name: string) => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name } }]);
const device = async () => (await readMeta(store.db, "device")).device;

/** As Chromium does: the files go, then every open connection is told that it is closed. */
function evict(): void {
  const factory = indexedDB as unknown as { _databases: Map<string, unknown> };
  expect(factory._databases.delete(databaseName(store.person))).toBe(true);
  forceCloseDatabase(store.db.backendDB() as never);
}

test("the device begins anew by itself, says how much is gone, and keeps what is being written", async () => {
  const stopStatus = watchStatus(store);
  const list = lightList(store, "customer", ({ pk }) => pk);
  await write("甲");
  saveDraft(store, "log:1", { notes: "寫到一半" });
  await flushDrafts(store);
  await vi.waitFor(() => expect([status.value.waiting, list.items.value?.length]).toEqual([1, 1]));
  const former = await device();

  evict();
  await vi.waitFor(() => expect(status.value.evicted).toBe(1));
  await vi.waitFor(() => expect([status.value.waiting, list.items.value]).toEqual([0, []]));
  expect(await device()).toMatch(/^[0-9a-f-]{36}$/);
  expect(await device()).not.toBe(former);
  await vi.waitFor(async () => expect(await store.db.drafts.toArray()).toMatchObject([{ key: "log:1", value: { notes: "寫到一半" } }]));
  stopStatus();
});

test("a Save in that moment is written by the new device, and counted", async () => {
  await write("甲");
  const former = await device();
  evict();
  await write("乙");
  expect(await device()).not.toBe(former);
  expect((await store.db.outbox.toArray()).map(({ seq }) => seq)).toEqual([1]);
  const count = watchStatus(store);
  await vi.waitFor(() => expect([status.value.waiting, status.value.evicted]).toEqual([1, 1]));
  count();
});

test("a lost connection alone takes nothing away and says nothing", async () => {
  await write("甲");
  saveDraft(store, "log:1", { notes: "寫到一半" });
  await flushDrafts(store);
  const former = await device();
  forceCloseDatabase(store.db.backendDB() as never);
  await write("乙");
  expect([await device(), await store.db.outbox.count(), status.value.evicted]).toEqual([former, 2, null]);
  expect(await loadDraft(store, "log:1")).toEqual({ notes: "寫到一半" });
});
