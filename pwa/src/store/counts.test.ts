import "fake-indexeddb/auto";
import { effect } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import { watchStatus } from "./counts";
import { newId } from "./ids";
import { lightList } from "./light";
import { toRecord } from "./mirror";
import { writeMeta } from "./meta";
import { INITIAL_STATUS, setStatus, status } from "./status";
import { toBytes } from "../sync/core/utf8";
import { closeStores, freshStore } from "./testing";

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
