import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { decode } from "../sync/core/mutation";
import type { Page, PageEnd, PageHeader, Removal, Upsert } from "../sync/wire/pull";
import type { Receipt } from "../sync/wire/push";
import type { Chunk } from "../sync/wire/snapshot";
import { applyChunk, applyPage } from "./apply";
import { type StoreChange, onChange } from "./changes";
import { readClocks } from "./clock";
import { beginEdit } from "./editing";
import { newId } from "./ids";
import { readMeta, writeMeta } from "./meta";
import { enqueue } from "./outbox";
import { forkDevice } from "./queue";
import { dropScope } from "./scopes";
import { closeStores, freshStore, upsert } from "./testing";
import type { Rev, Store } from "./types";

afterEach(closeStores);

interface PageParts {
  header?: Partial<PageHeader>;
  rows?: (Upsert | Removal)[];
  receipts?: Receipt[];
  end?: Partial<PageEnd>;
}

const page = ({ header, rows = [], receipts = [], end }: PageParts): Page => ({
  header: { v: 1, epoch: 1, reset: false, scopes: null, grants: [], drops: [], ...header },
  rows,
  receipts,
  end: { cursor: "next", seq: 10, caught_up: true, join: null, joined: null, durable_seq: 0, server_time: 0, ...end },
});

const chunk = (rows: Upsert[], token: string, done = false): Chunk => ({
  header: { v: 1, epoch: 1, scope: "territory:t", seq: 1 }, rows, end: { token, done, seq: 1 },
});

const receipt = (id: string, seq: number, log_seq: number): Receipt => ({
  id, seq, log_seq, status: "applied", conflicts: [], code: null, fields: [], params: {},
});

const apply = async (store: Store, parts: PageParts, joining: string | null = null) =>
  applyPage(store, page(parts), { cursor: (await readMeta(store.db, "cursor")).cursor, joining }, readClocks());

const leave = (pk: string, rev: Rev): Removal => ({ op: "leave", entity: "customer", pk, row_rev: rev });
const nameOf = async (store: Store, pk: string) => (await store.db.mirror.get(["customer", pk]))?.body;
const create = (store: Store, name: string) => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name } }]);
const first = { header: { reset: true, scopes: ["territory:t"], grants: ["territory:t"] } };

test("a page asked for with an older cursor changes nothing", async () => {
  const store = await freshStore();
  const pk = newId();
  await apply(store, { rows: [upsert("customer", pk, { name: "a" })] });
  const late = page({ rows: [upsert("customer", pk, { name: "b" }, [1, 2])], end: { cursor: "other", seq: 5 } });
  expect(await applyPage(store, late, { cursor: null, joining: null }, readClocks())).toBe(false);
  expect(await nameOf(store, pk)).toBe('{"name":"a"}');
  expect(await readMeta(store.db, "cursor", "pulledSeq")).toEqual({ cursor: "next", pulledSeq: 10 });
});

test("a page that fails half-way leaves rows, cursor and outbox as they were", async () => {
  const store = await freshStore();
  const { mutations } = await create(store, "甲");
  const pk = newId();
  vi.spyOn(store.db.meta, "bulkPut").mockImplementationOnce(() => Promise.reject(new Error("killed")) as never);
  const parts = { rows: [upsert("customer", pk, { name: "a" })], receipts: [receipt(mutations[0]!.id, 1, 3)] };
  await expect(apply(store, parts)).rejects.toThrow("killed");
  expect([await nameOf(store, pk), (await readMeta(store.db, "cursor")).cursor]).toEqual([undefined, null]);
  expect(await store.db.outbox.toArray()).toMatchObject([{ acked: 0 }]);
});

test("an entry goes with the page that holds its effect, not with an earlier one", async () => {
  const store = await freshStore();
  const { mutations } = await create(store, "甲");
  await apply(store, { receipts: [receipt(mutations[0]!.id, 1, 12)], end: { cursor: "a", seq: 11 } });
  expect(await store.db.outbox.toArray()).toMatchObject([{ acked: 1 }]);
  await apply(store, { end: { cursor: "b", seq: 12 } });
  expect(await store.db.outbox.count()).toBe(0);
});

test("while a scope is on its way in, an entry goes with the page that brings its row, and only then", async () => {
  const store = await freshStore();
  const rows = [await create(store, "甲"), await create(store, "乙"), await create(store, "丙")].map(({ mutations: [first] }) => first!);
  const receipts = rows.map(({ id }, i) => ({ ...receipt(id, i + 1, 5 + i), code: i === 2 ? "gone" : null }));
  const [brought, , parked] = rows.map(({ pk }, i) => upsert("customer", pk, { name: "甲乙丙"[i]! }));
  await apply(store, { header: first.header, receipts, end: { cursor: "a", seq: 4 } });
  await apply(store, { rows: [brought!, parked!], end: { cursor: "b", seq: 7 } });
  expect((await store.db.outbox.toArray()).map(({ id }) => id)).toEqual([rows[1]!.id, rows[2]!.id]);
  expect(await store.db.journal.count()).toBe(1);
});

test("an entry goes with the chunk that holds its effect, not with one that was read before it", async () => {
  const store = await freshStore();
  const { mutations } = await create(store, "甲");
  const row = upsert("customer", mutations[0]!.pk, { name: "甲" });
  await apply(store, { header: first.header, receipts: [receipt(mutations[0]!.id, 1, 5)] , end: { cursor: "a", seq: 4 } });
  const at = (seq: number, token: string): Chunk => ({ ...chunk([row], token), header: { v: 1, epoch: 1, scope: "territory:t", seq } });
  await applyChunk(store, at(4, "c1"), null);
  expect(await store.db.outbox.count()).toBe(1);
  await applyChunk(store, at(5, "c2"), "c1");
  expect(await store.db.outbox.count()).toBe(0);
});

test("another epoch takes acknowledgements back, so that what a restored server forgot is sent again", async () => {
  const store = await freshStore();
  await apply(store, {});
  const { mutations } = await create(store, "甲");
  await apply(store, { receipts: [receipt(mutations[0]!.id, 1, 99)] });
  expect(await store.db.outbox.toArray()).toMatchObject([{ acked: 1 }]);
  await apply(store, { header: { epoch: 2, reset: true } });
  expect(await store.db.outbox.toArray()).toMatchObject([{ acked: 0 }]);
});

test("a lower revision never overwrites within a generation; a reset's always does", async () => {
  const store = await freshStore();
  const pk = newId();
  await apply(store, { rows: [upsert("customer", pk, { name: "lost timeline" }, [1, 9])] });
  await apply(store, { rows: [upsert("customer", pk, { name: "old" }, [1, 8])] });
  expect(await nameOf(store, pk)).toContain("lost timeline");
  await apply(store, { header: { reset: true, scopes: ["territory:t"] }, rows: [upsert("customer", pk, { name: "restored" }, [1, 5])] });
  expect(await nameOf(store, pk)).toContain("restored");
});

test("after a reset a scope's old rows stay until it has joined, and then only the new ones remain", async () => {
  const store = await freshStore();
  const [kept, phantom] = [newId(), newId()];
  await apply(store, { rows: [upsert("customer", kept, { name: "a" }), upsert("customer", phantom, { name: "b" })] });
  await apply(store, first);
  expect(await store.db.mirror.count()).toBe(2);
  await applyChunk(store, chunk([upsert("customer", kept, { name: "a" })], "t1", true), null);
  expect(await store.db.mirror.count()).toBe(2);
  await apply(store, { end: { joined: "territory:t" } }, "territory:t");
  expect((await store.db.mirror.toArray()).map(({ pk }) => pk)).toEqual([kept]);
});

test("a field that this version does not know stays with its row, and an edit of another one leaves it alone", async () => {
  const store = await freshStore();
  const pk = newId();
  await apply(store, { rows: [upsert("customer", pk, { name: "a", of_a_later_version: ["x"] })] });
  const { mutations } = await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { name: "b" } }]);
  const { line } = (await store.db.outbox.where("id").equals(mutations[0]!.id).first())!;
  expect(decode(line).patch).toEqual({ name: "b" });
  expect(await nameOf(store, pk)).toContain('"of_a_later_version":["x"]');
});

test("a verdict of an older cursor drops no scope, for a page may have granted it since", async () => {
  const store = await freshStore();
  await apply(store, { rows: [upsert("customer", newId(), { name: "a" })] });
  await dropScope(store, "territory:t", "older");
  expect(await store.db.mirror.count()).toBe(1);
  await dropScope(store, "territory:t", "next");
  expect(await store.db.mirror.count()).toBe(0);
});

test("a reset drops at once what is no longer granted", async () => {
  const store = await freshStore();
  const pk = newId();
  await apply(store, { rows: [upsert("customer", pk, { name: "a" }, [1, 1], "territory:lost")] });
  await apply(store, first);
  expect(await store.db.mirror.count()).toBe(0);
});

test("a chunk's older row does not bring back what left meanwhile, and markers end with the last join", async () => {
  const store = await freshStore();
  const pk = newId();
  await apply(store, first);
  await apply(store, { rows: [leave(pk, [1, 4])] });
  await applyChunk(store, chunk([upsert("customer", pk, { name: "stale" }, [1, 3])], "t1", true), null);
  expect(await nameOf(store, pk)).toBeUndefined();
  expect(await store.db.markers.count()).toBe(1);
  await apply(store, { end: { joined: "territory:t" } }, "territory:t");
  expect(await store.db.markers.count()).toBe(0);
});

test("of a chunk whose first row is new, a row that the mirror holds newer stays as it is, and an older one is replaced", async () => {
  const store = await freshStore();
  const [fresh, newer, older] = [newId(), newId(), newId()];
  await apply(store, first);
  await apply(store, { rows: [upsert("customer", newer, { name: "newer" }, [1, 9]), upsert("customer", older, { name: "old" }, [1, 2])] });
  const rows = [upsert("customer", fresh, { name: "fresh" }), upsert("customer", newer, { name: "stale" }, [1, 8]), upsert("customer", older, { name: "now" }, [1, 3])];
  expect(await applyChunk(store, chunk(rows, "t1", true), null)).toBe(true);
  expect(await Promise.all([fresh, newer, older].map((pk) => nameOf(store, pk)))).toEqual(['{"name":"fresh"}', '{"name":"newer"}', '{"name":"now"}']);
});

test("screens are told of all chunks of a second at once", async () => {
  const store = await freshStore();
  await apply(store, first);
  const told: StoreChange[] = [];
  onChange(store, (change) => told.push(change));
  await applyChunk(store, chunk([upsert("customer", newId(), { name: "a" })], "t1"), null);
  await applyChunk(store, chunk([upsert("customer", newId(), { name: "b" })], "t2", true), "t1");
  await vi.waitFor(() => expect(told).toEqual([{ rows: "all" }]), { timeout: 3000 });
});

test("a chunk is applied once, in its turn", async () => {
  const store = await freshStore();
  await apply(store, first);
  expect(await applyChunk(store, chunk([], "t1"), null)).toBe(true);
  expect(await applyChunk(store, chunk([upsert("customer", newId(), { name: "again" })], "t1"), null)).toBe(false);
  expect(await applyChunk(store, chunk([], "t2", true), "t1")).toBe(true);
  expect((await readMeta(store.db, "joins")).joins["territory:t"]).toMatchObject({ phase: "join", token: "t2" });
  expect(await store.db.mirror.count()).toBe(0);
});

test("the seq enqueued when a page was applied is what the next pull reports", async () => {
  const store = await freshStore();
  await create(store, "甲");
  await apply(store, {});
  await create(store, "乙");
  expect(await readMeta(store.db, "enqueuedThrough", "lastSeq")).toEqual({ enqueuedThrough: 1, lastSeq: 2 });
});

test("a fork numbers what is left from 1, with a chain of its own, and keeps bytes and ids", async () => {
  const store = await freshStore();
  for (const name of ["甲", "乙", "丙"]) await create(store, name);
  await store.db.outbox.delete(1);
  const before = await store.db.outbox.orderBy("seq").toArray();
  const { device } = await readMeta(store.db, "device");
  await writeMeta(store.db, { enqueuedThrough: 2 });
  await forkDevice(store, device, { seq: 2, last_equal_seq: null });
  const after = await store.db.outbox.orderBy("seq").toArray();
  expect(after.map(({ seq, prev }) => [seq, prev])).toEqual([[1, null], [2, after[0]!.sha]]);
  expect(after.map(({ id, line }) => [id, line])).toEqual(before.map(({ id, line }) => [id, line]));
  const meta = await readMeta(store.db, "device", "parent", "lastSeq", "enqueuedThrough");
  expect(meta).toMatchObject({ parent: { device, seq: 1 }, lastSeq: 2, enqueuedThrough: 1 });
  expect(meta.device).not.toBe(device);
});

test("what was begun before another epoch began has seen nothing of it, however the draft was kept", async () => {
  const store = await freshStore();
  const pk = newId();
  await apply(store, { rows: [upsert("customer", pk, { name: "lost", phone: "1" }, [1, 7])] });
  const [draft, removal] = [await beginEdit(store, "customer", pk), await beginEdit(store, "customer", pk)];
  await apply(store, { header: { epoch: 2, reset: true, scopes: ["territory:t"], grants: ["territory:t"] } });
  const shownStill = await beginEdit(store, "customer", pk);
  await apply(store, { header: { epoch: 2 }, rows: [upsert("customer", pk, { name: "ours", phone: "2" }, [1, 7])] });
  const current = await beginEdit(store, "customer", pk);
  for (const editing of [draft, shownStill, current]) await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { phone: "3" }, editing }]);
  await enqueue(store, [{ entity: "customer", pk, op: "delete", editing: removal }]);
  const written = (await store.db.outbox.orderBy("seq").toArray()).map(({ line }) => decode(line));
  expect(written.map(({ seen_rev }) => seen_rev)).toEqual([null, null, [1, 7], null]);
  expect(written[3]).toMatchObject({ seen_agg: 0 });
});

test("a delete has seen nothing of those of its rows that another epoch has not brought yet", async () => {
  const store = await freshStore();
  const [pk, child] = [newId(), newId()];
  const held = upsert("interaction", child, { customer_id: pk }, [1, 9], "territory:t#secret");
  await apply(store, { rows: [upsert("customer", pk, { name: "a" }, [1, 1]), held] });
  const scopes = ["territory:t", "territory:t#secret"];
  await apply(store, { header: { epoch: 2, reset: true, scopes, grants: scopes } });
  await apply(store, { header: { epoch: 2 }, rows: [upsert("customer", pk, { name: "a" }, [1, 2])] });
  expect(await beginEdit(store, "customer", pk)).toMatchObject({ seenRev: [1, 2], seenAgg: 2 });
});

test("an edit on top of an own one of an earlier epoch has seen no more than that one", async () => {
  const store = await freshStore();
  const pk = newId();
  await apply(store, { rows: [upsert("customer", pk, { name: "a", phone: "1" }, [1, 7])] });
  await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { phone: "2" } }]);
  await apply(store, { header: { epoch: 2, reset: true, scopes: ["territory:t"] }, rows: [upsert("customer", pk, { name: "a", phone: "9" }, [1, 7])] });
  await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { phone: "3" } }]);
  const written = (await store.db.outbox.orderBy("seq").toArray()).map(({ line }) => decode(line));
  expect(written.map(({ seen_rev }) => seen_rev)).toEqual([[1, 7], null]);
});
