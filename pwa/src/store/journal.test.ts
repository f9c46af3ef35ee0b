/** The journal: what the server acknowledged stays here until a backup of it holds that, too (SPEC 8.9). */
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { readClocks } from "./clock";
import { applyPage } from "./apply";
import { counts } from "./counts";
import { newId } from "./ids";
import * as journal from "./journal";
import { readMeta } from "./meta";
import { enqueue } from "./outbox";
import { getRow } from "./queries";
import { acknowledge, firstSeqFrom, forkDevice, keepReceipts, nextBatch } from "./queue";
import { restartPull } from "./scopes";
import { closeStores, freshStore } from "./testing";
import type { Store } from "./types";

afterEach(closeStores);

async function page(store: Store, seq: number, durable: number, header: object = {}): Promise<void> {
  const { cursor } = await readMeta(store.db, "cursor");
  const whole = {
    header: { v: 1, epoch: 1, reset: false, scopes: null, grants: [], drops: [], ...header },
    rows: [], receipts: [],
    end: { cursor: `${seq}.${durable}`, seq, caught_up: true, join: null, joined: null, durable_seq: durable, server_time: 0 },
  };
  expect(await applyPage(store, whole as never, { cursor, joining: null }, readClocks())).toBe(true);
}

/** Writes something, and lets the server acknowledge it at this log position, to the device as it is or was. */
async function sent(store: Store, name: string, log: number, to?: string): Promise<string> {
  const pk = newId();
  const { mutations } = await enqueue(store, [{ entity: "customer", pk, op: "create", fields: { name } }]);
  const device = to ?? (await readMeta(store.db, "device")).device;
  const { id } = mutations[0]!;
  const { seq } = (await store.db.outbox.where("id").equals(id).first())!;
  const receipt = { seq, id, status: "applied", log_seq: log, conflicts: [], code: null, fields: [], params: {} } as const;
  const reply = { v: 1, epoch: 1, receipts: [receipt], expected_seq: null, fork: null, server_time: 0, durable_seq: 0 };
  await acknowledge(store, device, reply, readClocks());
  return pk;
}

const held = async ({ db }: Store) => ({
  outbox: (await db.outbox.toArray()).map(({ seq, acked }) => [seq, acked]),
  journal: (await db.journal.toArray()).map(({ seq }) => seq),
});

test("what was acknowledged and pulled leaves the screen's overlay, and stays in the journal until a backup holds it", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  const pk = await sent(store, "甲", 2);
  await page(store, 2, 0);
  expect(await held(store)).toEqual({ outbox: [], journal: [1] });
  expect(await getRow(store, "customer", pk)).toBeNull();
  await page(store, 2, 2);
  expect((await held(store)).journal).toEqual([1]);
  await page(store, 3, 3);
  expect((await held(store)).journal).toEqual([]);
});

test("another epoch sends everything again that is still here, in order and as it was", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  await sent(store, "甲", 2);
  const before = (await store.db.outbox.toArray())[0]!;
  await page(store, 2, 0);
  await sent(store, "乙", 9);
  await page(store, 1, 1, { epoch: 2, reset: true });
  expect(await held(store)).toEqual({ outbox: [[1, 0], [2, 0]], journal: [] });
  const after = (await store.db.outbox.get(1))!;
  expect([after.id, after.sha, after.prev, after.line]).toEqual([before.id, before.sha, before.prev, before.line]);
  expect(after.receipt).toBeUndefined();
});

test("an answer of an epoch that has ended acknowledges nothing, however late its tab wakes", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  await page(store, 1, 0, { epoch: 2, reset: true });
  await sent(store, "甲", 2);
  expect(await held(store)).toEqual({ outbox: [[1, 0]], journal: [] });
});

test("the receipts that came with a refusal count only in the epoch in which their batch was made", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  const { mutations } = await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "甲" } }]);
  const batch = (await nextBatch(store, { bytes: 1e6, mutations: 10, txns: 10, from: null }))!;
  const receipt = { seq: 1, id: mutations[0]!.id, status: "applied", log_seq: 2, conflicts: [], code: null, fields: [], params: {} } as const;
  await page(store, 1, 0, { epoch: 2, reset: true });
  await keepReceipts(store, batch, [receipt]);
  expect((await held(store)).outbox).toEqual([[1, 0]]);
  await keepReceipts(store, { ...batch, epoch: 2 }, [receipt]);
  expect((await held(store)).outbox).toEqual([[1, 1]]);
});

test("what was acknowledged before the first page is sent again when that page is of another epoch", async () => {
  const store = await freshStore();
  await sent(store, "甲", 9);
  await page(store, 5, 5, { epoch: 2, reset: true });
  expect(await held(store)).toEqual({ outbox: [[1, 0]], journal: [] });
});

test("what was acknowledged before the first page stays so when that page is of the same epoch", async () => {
  const store = await freshStore();
  await sent(store, "甲", 9);
  await page(store, 9, 0, { reset: true });
  expect(await held(store)).toEqual({ outbox: [], journal: [1] });
});

test("the receipts that came with a refusal count for nothing before an epoch is known", async () => {
  const store = await freshStore();
  const { mutations } = await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "甲" } }]);
  const batch = (await nextBatch(store, { bytes: 1e6, mutations: 10, txns: 10, from: null }))!;
  const receipt = { seq: 1, id: mutations[0]!.id, status: "applied", log_seq: 2, conflicts: [], code: null, fields: [], params: {} } as const;
  await keepReceipts(store, batch, [receipt]);
  expect((await held(store)).outbox).toEqual([[1, 0]]);
});

test("a fork claims no more of its past than what it no longer holds when the server cannot tell what they share", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  for (const [name, log] of [["甲", 2], ["乙", 3], ["丙", 4]] as const) await sent(store, name, log);
  await page(store, 4, 3);
  const { device } = await readMeta(store.db, "device");
  await forkDevice(store, device, { seq: 3, last_equal_seq: null });
  expect((await readMeta(store.db, "parent")).parent).toEqual({ device, seq: 1 });
});

test("a pull that begins anew takes nothing off the screen that was still waiting for its scope", async () => {
  const store = await freshStore();
  await page(store, 1, 0, { grants: ["territory:t"] });
  const pk = await sent(store, "甲", 2);
  await page(store, 2, 0);
  await restartPull(store, (await readMeta(store.db, "cursor")).cursor!);
  await sent(store, "乙", 3);
  expect(await getRow(store, "customer", pk)).not.toBeNull();
});

test("what a server misses is filled from the journal before anything is declared void", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  await sent(store, "甲", 2);
  await sent(store, "乙", 3);
  await page(store, 3, 0);
  expect(await firstSeqFrom(store, 2)).toBe(2);
  expect(await held(store)).toEqual({ outbox: [[2, 0]], journal: [1] });
});

test("a fork numbers the journal anew with all the rest", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  await sent(store, "甲", 2);
  await page(store, 2, 0);
  await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "乙" } }]);
  const { device } = await readMeta(store.db, "device");
  await forkDevice(store, device, { seq: 2, last_equal_seq: 1 });
  expect(await held(store)).toEqual({ outbox: [[1, 0], [2, 0]], journal: [] });
});

test("an answer to the device of before a fork acknowledges nothing: its number would be a hole in the new numbering", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  const { device } = await readMeta(store.db, "device");
  await forkDevice(store, device, { seq: 1, last_equal_seq: null });
  await sent(store, "甲", 2, device);
  expect((await held(store)).outbox).toEqual([[1, 0]]);
});

test("the status tells how much no backup holds, and whether there is one", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  await sent(store, "甲", 2);
  await page(store, 2, 0);
  expect((await counts(store)).notBackedUp).toBeNull();
  await page(store, 3, 1);
  expect((await counts(store)).notBackedUp).toBe(1);
  await page(store, 4, 2);
  expect((await counts(store)).notBackedUp).toBe(0);
});

test("a full journal lets the oldest go and says so", async () => {
  const store = await freshStore();
  await page(store, 1, 0);
  await sent(store, "甲", 2);
  await page(store, 2, 0);
  const one = (await store.db.journal.get(1))!;
  const many = Array.from({ length: journal.MAX_JOURNAL - 1 }, (_, i) => ({ ...one, seq: 1000 + i, id: newId(), log: 10 + i }));
  await store.db.journal.bulkPut(many);
  await sent(store, "乙", 9000);
  await page(store, 9000, 0);
  expect([await store.db.journal.count(), await store.db.journal.get(1)]).toEqual([journal.MAX_JOURNAL, undefined]);
  expect((await counts(store)).isJournalFull).toBe(true);
});
