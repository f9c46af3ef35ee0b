/** Erased on a person's request: the device keeps nothing of it, and everything else (R34). */
import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import type { Removal } from "../sync/wire/pull";
import { applyPage } from "./apply";
import { blobOf, keepBlob } from "./blobs";
import { readClocks } from "./clock";
import { loadDraft, saveDraft, flushDrafts } from "./drafts";
import { newId } from "./ids";
import { readMeta } from "./meta";
import { enqueue } from "./outbox";
import { getRow } from "./queries";
import { acknowledge } from "./queue";
import { closeStores, freshStore, upsert } from "./testing";
import type { Store } from "./types";

afterEach(closeStores);

async function page(store: Store, seq: number, rows: readonly object[]): Promise<void> {
  const { cursor } = await readMeta(store.db, "cursor");
  const whole = {
    header: { v: 1, epoch: 1, reset: false, scopes: ["territory:t"], grants: [], drops: [] },
    rows, receipts: [],
    end: { cursor: `c${seq}`, seq, caught_up: true, join: null, joined: null, durable_seq: 0, server_time: 0 },
  };
  expect(await applyPage(store, whole as never, { cursor, joining: null }, readClocks())).toBe(true);
}

/** Writes to a customer, and lets the server answer; returns the mutation's id. */
async function sent(store: Store, pk: string, phone: string, log: number, code: string | null = null): Promise<string> {
  const { mutations } = await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { phone } }]);
  const { device } = await readMeta(store.db, "device");
  const { id } = mutations[0]!;
  const { seq } = (await store.db.outbox.where("id").equals(id).first())!;
  const status = code === null ? "applied" : "parked";
  const receipt = { seq, id, status, log_seq: log, conflicts: [], code, fields: [], params: {} } as const;
  const reply = { v: 1, epoch: 1, receipts: [receipt], expected_seq: null, fork: null, server_time: 0, durable_seq: 0 };
  await acknowledge(store, device, reply, readClocks());
  return id;
}

const erased = (pk: string): Removal => ({ op: "delete", entity: "customer", pk, row_rev: [1, 9], erased: true });

test("its row, what was sent of it and its drafts go; those of others stay", async () => {
  const store = await freshStore();
  const [gone, stays] = [newId(), newId()];
  await page(store, 1, [upsert("customer", gone, { name: "甲" }), upsert("customer", stays, { name: "乙" })]);
  for (const pk of [gone, stays]) {
    await sent(store, pk, "in the journal", 2);
    saveDraft(store, `edit:customer:${pk}`, { phone: "half" });
    await store.db.picked.add({ id: pk, key: `log:${pk}`, at: 1, keptAt: 1, type: "", bytes: new ArrayBuffer(1) });
  }
  await page(store, 2, []);
  await flushDrafts(store);
  await sent(store, gone, "acknowledged", 4);
  expect((await store.db.journal.toArray()).map(({ pk }) => pk)).toEqual([gone, stays]);
  await page(store, 3, [erased(gone)]);
  expect(await getRow(store, "customer", gone)).toBeNull();
  expect((await store.db.journal.toArray()).map(({ pk }) => pk)).toEqual([stays]);
  expect(await store.db.outbox.count()).toBe(0);
  expect(await loadDraft(store, `edit:customer:${gone}`)).toBeNull();
  expect(await loadDraft(store, `edit:customer:${stays}`)).toEqual({ phone: "half" });
  expect(await store.db.picked.toCollection().primaryKeys()).toEqual([stays]);
});

test("what waits to be sent goes to the server first, and into no journal when it was dropped there", async () => {
  const store = await freshStore();
  const pk = newId();
  await page(store, 1, [upsert("customer", pk, { name: "甲" })]);
  await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { phone: "typed offline" } }]);
  await page(store, 2, [erased(pk)]);
  expect((await store.db.outbox.toArray()).map(({ acked }) => acked)).toEqual([0]);
  const { device } = await readMeta(store.db, "device");
  const { id, seq } = (await store.db.outbox.toArray())[0]!;
  const receipt = { seq, id, status: "parked", log_seq: 3, conflicts: [], code: "erased", fields: [], params: {} } as const;
  const reply = { v: 1, epoch: 1, receipts: [receipt], expected_seq: null, fork: null, server_time: 0, durable_seq: 0 };
  await acknowledge(store, device, reply, readClocks());
  await page(store, 3, []);
  expect([await store.db.outbox.count(), await store.db.journal.count()]).toEqual([0, 0]);
});

test("a plain delete leaves the journal alone", async () => {
  const store = await freshStore();
  const pk = newId();
  await page(store, 1, [upsert("customer", pk, { name: "甲" })]);
  await sent(store, pk, "kept", 2);
  await page(store, 2, [{ ...erased(pk), erased: null }]);
  expect(await store.db.journal.count()).toBe(1);
});

/** A file of one byte, named by photos of these customers, the last one naming it last. */
async function photographed(store: Store, seed: number, customers: readonly string[]): Promise<{ sha256: string; photos: string[] }> {
  const { sha256 } = await keepBlob(store, new Uint8Array([seed]).buffer, "image/jpeg");
  const photos = customers.map(() => newId());
  for (const [i, customer_id] of customers.entries()) await enqueue(store, [{ entity: "photo", pk: photos[i]!, op: "create", fields: { customer_id, sha256 } }]);
  return { sha256, photos };
}

const erasedPhoto = (pk: string): Removal => ({ ...erased(pk), entity: "photo" });

test("a file that something else names, too, is still sent for that; of one that a draft holds the draft stays whole", async () => {
  const store = await freshStore();
  const [gone, stays] = [newId(), newId()];
  await page(store, 1, [upsert("customer", gone, { name: "甲" }), upsert("customer", stays, { name: "乙" })]);
  const shared = await photographed(store, 1, [stays, gone]);
  const drafted = await photographed(store, 2, [gone]);
  const alone = await photographed(store, 3, [gone]);
  const known = await photographed(store, 4, [gone]);
  const other = newId();
  saveDraft(store, `log:${stays}`, { photos: [{ sha256: drafted.sha256 }] });
  await page(store, 2, [
    upsert("photo", other, { customer_id: stays, sha256: known.sha256 }),
    ...[shared.photos[1]!, drafted.photos[0]!, alone.photos[0]!, known.photos[0]!].map(erasedPhoto),
  ]);
  expect(await blobOf(store, shared.sha256)).toMatchObject({ state: "waiting", row: ["photo", shared.photos[0]] });
  expect(await blobOf(store, known.sha256)).toMatchObject({ state: "waiting", row: ["photo", other] });
  expect([(await blobOf(store, drafted.sha256))?.state, (await blobOf(store, alone.sha256))?.state]).toEqual(["draft", "cached"]);
});

test("however many files a page erases, rows and drafts are gone through once: it keeps the writing waiting", async () => {
  const store = await freshStore();
  const [few, many] = [newId(), newId()];
  await page(store, 1, [upsert("customer", few, { name: "甲" }), upsert("customer", many, { name: "乙" })]);
  const photos = [await photographed(store, 1, [few]), ...(await Promise.all([2, 3, 4, 5].map((seed) => photographed(store, seed, [many]))))].map((each) => each.photos[0]!);
  const reads = [vi.spyOn(IDBObjectStore.prototype, "getAll"), vi.spyOn(IDBObjectStore.prototype, "openCursor"), vi.spyOn(JSON, "stringify")];
  const readsOf = async (seq: number, gone: readonly string[]): Promise<number> => {
    reads.forEach((spy) => spy.mockClear());
    await page(store, seq, gone.map(erasedPhoto));
    return reads.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  };
  const once = await readsOf(2, photos.slice(0, 1));
  expect([await readsOf(3, photos.slice(1)), once > 0]).toEqual([once, true]);
  vi.restoreAllMocks();
});
