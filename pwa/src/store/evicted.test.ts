/** A database that the browser takes away from under the open app comes back as a new device, and the person hears of it. */
import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onChange } from "./changes";
import { watchStatus } from "./counts";
import { flushDrafts, guardDrafts, loadDraft, rewriteDrafts, saveDraft } from "./drafts";
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
  vi.unstubAllGlobals();
  vi.useRealTimers();
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

const onDisk = async () => (await store.db.drafts.toArray()).map(({ value }) => value["notes"]);

/** Two tabs have opened the same draft; the second went on typing, and both know what they knew when the database goes. */
async function typedInTwoTabs(): Promise<Store> {
  const other = await freshStore(store.person);
  saveDraft(store, "log:1", { notes: "舊" });
  await flushDrafts(store);
  expect(await loadDraft(other, "log:1")).toEqual({ notes: "舊" });
  saveDraft(other, "log:1", { notes: "舊的接著寫" });
  await flushDrafts(other);
  await store.db.drafts.clear();
  return other;
}

test("of two tabs that put the same draft back, the one in which it was typed last wins, whichever comes first", async () => {
  for (const order of [[0, 1], [1, 0]]) {
    const tabs = [store, await typedInTwoTabs()];
    for (const i of order) {
      rewriteDrafts(tabs[i]!);
      await flushDrafts(tabs[i]!);
    }
    expect(await onDisk()).toEqual(["舊的接著寫"]);
    // Whoever goes on typing wins again.
    saveDraft(store, "log:1", { notes: "再寫" });
    await flushDrafts(store);
    expect(await onDisk()).toEqual(["再寫"]);
  }
});

test("a page that is put aside before it put a draft back writes over nothing that another tab put back", async () => {
  const heard = new Map<string, () => void>();
  vi.stubGlobal("document", { addEventListener: (kind: string, listener: () => void) => heard.set(kind, listener) });
  vi.stubGlobal("addEventListener", () => undefined);
  guardDrafts(store);
  const other = await typedInTwoTabs();
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  rewriteDrafts(store);
  heard.get("freeze")!();
  expect(await onDisk()).toEqual(["舊"]);
  rewriteDrafts(other);
  await flushDrafts(other);
  heard.get("freeze")!();
  expect(await onDisk()).toEqual(["舊的接著寫"]);
});

test("a tab that slept with what it had typed writes it over nothing that was typed later; a clock that ran ahead is no later", async () => {
  const other = await freshStore(store.person);
  saveDraft(store, "log:1", { notes: "睡前" });
  await new Promise((resolve) => setTimeout(resolve, 2));
  saveDraft(other, "log:1", { notes: "後來" });
  await flushDrafts(other);
  await flushDrafts(store);
  expect(await onDisk()).toEqual(["後來"]);
  await store.db.drafts.put({ key: "log:1", value: { notes: "時鐘快一天" }, at: Date.now() + 86_400_000 });
  saveDraft(other, "log:1", { notes: "現在" });
  await flushDrafts(other);
  expect(await onDisk()).toEqual(["現在"]);
});
