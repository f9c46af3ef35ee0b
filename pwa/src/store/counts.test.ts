import "fake-indexeddb/auto";
import { effect } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import { arriving, counts, watchStatus } from "./counts";
import { newId } from "./ids";
import { lightList } from "./light";
import { toRecord } from "./mirror";
import { writeMeta } from "./meta";
import { enqueue } from "./outbox";
import type { Store } from "./types";
import { INITIAL_STATUS, setStatus, status } from "./status";
import { toBytes } from "../sync/core/utf8";
import { closeStores, freshStore } from "./testing";
import { countWritten } from "./written";

afterEach(closeStores);

test("a download counts as ended once the lists in memory hold it", async () => {
  const store = await freshStore();
  setStatus(INITIAL_STATUS);
  await writeMeta(store.db, { scopes: ["everyone"], joins: { everyone: { phase: "join", token: null, gen: 0 } }, downloadedRows: 1 });
  const list = lightList(store, "customer", ({ pk }) => pk);
  const stop = watchStatus(store);
  await vi.waitFor(() => expect([status.value.downloadedRows, list.items.value]).toEqual([1, []]));
  const seen: number[] = [];
  const stopSeeing = effect(() => void (status.value.bootstrapped && seen.push(list.items.value!.length)));

  const row = { op: "upsert", entity: "customer", pk: newId(), row_rev: [1, 1], scope: "everyone", agg: 1, body: toBytes('{"name":"新來的"}') } as const;
  await store.db.mirror.add(toRecord(store.catalog, row, 0));
  await writeMeta(store.db, { joins: {} });
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0));
  expect(seen[0]).toBe(1);
  stopSeeing();
  stop();
});

const write = (store: Store) => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }]);

test("an act waits on the screen from the moment at which it is said to be saved", async () => {
  const store = await freshStore();
  setStatus(INITIAL_STATUS);
  const stop = watchStatus(store);
  await write(store);
  expect(status.value.waiting).toBe(1);
  await Promise.all([write(store), write(store)]);
  expect(status.value.waiting).toBe(3);
  await vi.waitFor(async () => expect([status.value.waiting, status.value.oldestWaitingAt]).toEqual([3, (await counts(store)).oldestWaitingAt]));
  stop();
});

test("a count that once could not be read goes on by itself", async () => {
  const store = await freshStore();
  setStatus(INITIAL_STATUS);
  await write(store);
  setStatus({ waiting: 0 });
  vi.spyOn(store.db.mirror, "where").mockImplementationOnce(() => {
    throw new Error("broken");
  });
  const told = vi.fn();
  vi.stubGlobal("reportError", told);
  const stop = watchStatus(store);
  await vi.waitFor(() => expect(told.mock.calls).toMatchObject([[{ message: "broken" }]]));
  await vi.waitFor(() => expect(status.value.waiting).toBe(1), 3000);
  stop();
  vi.unstubAllGlobals();
});

test("a count that was read before an act was written does not undo it, one that knew of it is not added to", async () => {
  const store = await freshStore();
  setStatus(INITIAL_STATUS);
  const show = arriving(store);
  const before = await counts(store);
  await write(store);
  show({ ...before, needsYou: 2 });
  expect([status.value.waiting, status.value.needsYou]).toEqual([1, 2]);
  show(await counts(store));
  countWritten(store, await counts(store));
  expect(status.value.waiting).toBe(1);
  // Once sent, nothing waits; a device that forked counts by another numbering.
  await store.db.outbox.toCollection().modify({ acked: 1 });
  show({ ...(await counts(store)), device: newId(), lastSeq: 0 });
  expect(status.value.waiting).toBe(0);
});
