/** One act of a person is written in one piece, whatever happens meanwhile, and counts as one. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { counts } from "./counts";
import { catalog, closeStores, freshStore, upsert } from "./testing";
import { listDrafts, loadDraft, saveDraft, flushDrafts } from "./drafts";
import { newId } from "./ids";
import { readMeta } from "./meta";
import { toRecord } from "./mirror";
import { enqueue, enqueueAll, undo } from "./outbox";
import { unsentWork } from "./leaving";
import { getRow } from "./queries";
import { waitingActs } from "./waiting";
import type { Change, Store } from "./types";

let store: Store;
const transaction = IDBDatabase.prototype.transaction;
const DRAFT = "log:customer";
const [customer, visit, due, next] = [newId(), newId(), newId(), newId()];

beforeEach(async () => {
  vi.spyOn(IDBDatabase.prototype, "transaction"); // before the opening: Dexie keeps the method that it finds then
  store = await freshStore();
  await store.db.mirror.put(toRecord(catalog, upsert("touch", due, { customer_id: customer, due_from_on: "2026-11-22" }), 0));
});

afterEach(() => {
  vi.restoreAllMocks();
  closeStores();
});

const logged: Change = { entity: "interaction", pk: visit, op: "create", fields: { customer_id: customer, started_at: 5 } };
const done: Change = { entity: "touch", pk: due, op: "patch", fields: { due_from_on: "2026-11-23" } };
const planned = (on: string | number = "2026-12-01"): Change => ({ entity: "touch", pk: next, op: "create", fields: { customer_id: customer, due_from_on: on } });

const save = (into: Store = store) => enqueueAll(into, [[logged], [done], [planned()]], { draft: DRAFT });
const entries = () => store.db.outbox.orderBy("seq").toArray();
const begun = () => vi.mocked(IDBDatabase.prototype.transaction);
const writes = () => begun().mock.calls.filter(([, mode]) => mode === "readwrite");

/** What one finds after a kill: all of the act, or nothing of it and its draft. */
async function found(): Promise<string> {
  const pks = (await entries()).map(({ pk }) => pk);
  const drafts = (await store.db.drafts.toArray()).map(({ value }) => value["next_on"]);
  const { lastSeq } = await readMeta(store.db, "lastSeq");
  const isAll = pks.join() === [visit, due, next].join() && drafts.length === 0 && lastSeq === 3;
  const isNone = pks.length === 0 && drafts.join() === "2026-12-01" && lastSeq === 0;
  return isAll ? "all" : isNone ? "none" : JSON.stringify({ pks, drafts, lastSeq });
}

test("an act of several txns is one strict transaction, and the draft that waits is dropped, not written", async () => {
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  begun().mockClear();
  const saved = await save();
  expect(writes().map(([, , options]) => options)).toEqual([{ durability: "strict" }]);
  expect(saved.mutations.map(({ pk }) => pk)).toEqual([visit, due, next]);
  await flushDrafts(store);
  expect(await found()).toBe("all");
  const written = await entries();
  expect(new Set(written.map(({ txn }) => txn)).size).toBe(3);
  expect(new Set(written.map(({ act }) => act))).toEqual(new Set([written[0]!.txn]));
});

/** Three mutations, three single values, one draft. */
const WRITES = 7;

test.each([1, 2, 3, 4, 5, 6, 7, 8])("a kill at write %i of an act leaves nothing of it but its draft, and after the last all of it", async (nth) => {
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  await flushDrafts(store);
  const writes = killAt(nth);
  const outcome = await save().then(() => "all", () => "none");
  vi.restoreAllMocks();
  expect([outcome, await found()]).toEqual(writes.count >= nth ? ["none", "none"] : ["all", "all"]);
  expect(writes.count).toBe(Math.min(nth, WRITES));
});

/** The browser's process ends at this write: it does nothing more, and what was not committed is gone. */
function killAt(nth: number): { count: number } {
  const writes = { count: 0 };
  for (const method of ["add", "put", "delete"] as const) {
    const real = IDBObjectStore.prototype[method] as (...args: unknown[]) => IDBRequest;
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args: unknown[]) {
      if (writes.count === nth) throw new DOMException("killed", "AbortError");
      if (++writes.count < nth) return real.apply(this, args);
      this.transaction.abort();
      throw new DOMException("killed", "AbortError");
    } as never);
  }
  return writes;
}

test("where one txn of an act can never be applied nothing of it is written, and the draft stays", async () => {
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  await expect(enqueueAll(store, [[logged], [planned(0.5)]], { draft: DRAFT })).rejects.toMatchObject({ code: "wrong_type" });
  await flushDrafts(store);
  expect(await found()).toBe("none");
});

test("on a full disk nothing of an act is written, and the draft stays", async () => {
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  const full = Object.assign(new Error("full"), { name: "QuotaExceededError" });
  vi.spyOn(store.db.outbox, "bulkAdd").mockImplementation(() => Promise.reject(full) as never);
  await expect(save()).rejects.toMatchObject({ code: "device_full" });
  await flushDrafts(store);
  expect(await found()).toBe("none");
});

test("a connection lost before the commit is opened again and the whole act written once", async () => {
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  const lost = Object.assign(new Error("Connection to Indexed Database server lost"), { name: "UnknownError" });
  vi.spyOn(store.db.outbox, "bulkAdd").mockImplementationOnce(() => Promise.reject(lost) as never);
  await save();
  await flushDrafts(store);
  expect(await found()).toBe("all");
});

test("a draft whose act is being written is not written behind it", async () => {
  let flushed: Promise<void> | undefined;
  begun().mockImplementation(function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
    if (args[1] === "readwrite") setTimeout(() => (flushed ??= flushDrafts(store)));
    return transaction.apply(this, args);
  });
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  await save();
  await vi.waitFor(() => expect(flushed).toBeDefined());
  await flushed;
  expect(await found()).toBe("all");
});

test("a draft is not brought back by a repeat after its act", async () => {
  saveDraft(store, "other", { notes: "還在打" });
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  const lost = Object.assign(new Error("lost"), { name: "UnknownError" });
  vi.spyOn(store.db, "transaction").mockImplementationOnce((async () => {
    await enqueue(store, [{ ...planned(), pk: newId() }], { draft: DRAFT });
    throw lost;
  }) as never);
  await flushDrafts(store);
  expect((await listDrafts(store)).map(({ key }) => key)).toEqual(["other"]);
});

test("a draft whose act failed is on the disk soon after", async () => {
  vi.spyOn(store.db.outbox, "bulkAdd").mockImplementationOnce(() => Promise.reject(new Error("broken")) as never);
  saveDraft(store, DRAFT, { next_on: "2026-12-01" });
  const saving = save();
  await flushDrafts(store);
  await expect(saving).rejects.toThrow("broken");
  expect(await loadDraft(store, DRAFT)).toEqual({ next_on: "2026-12-01" });
  await vi.waitFor(async () => expect(await found()).toBe("none"));
});

test("undo takes the whole act back in one transaction, the last part first", async () => {
  const saved = await save();
  begun().mockClear();
  await undo(store, saved);
  expect(writes()).toHaveLength(1);
  expect((await entries()).slice(3).map(({ op, pk }) => [op, pk])).toEqual([["delete", next], ["patch", due], ["void", visit]]);
  expect((await getRow(store, "touch", due))!.fields["due_from_on"]).toBe("2026-11-22");
  expect(await getRow(store, "touch", next)).toBeNull();
});

test("acts of two tabs never mix", async () => {
  const other = await freshStore(store.person);
  const two = (): Change[][] => [1, 2].map((at) => [{ entity: "interaction", pk: newId(), op: "create", fields: { customer_id: customer, started_at: at } }]);
  await Promise.all(Array.from({ length: 8 }, (_, i) => enqueueAll(i % 2 ? store : other, two())));
  const acts = (await entries()).map(({ act }) => act);
  expect(acts.filter((act, i) => act === acts[i ^ 1])).toHaveLength(16);
});

test("a visit with its plans counts as one until the server has all of it, and so does an act of an older version", async () => {
  await save();
  expect([(await counts(store)).waiting, (await unsentWork(store)).acts]).toEqual([1, 1]);
  const [first, second, third] = await entries();
  await store.db.outbox.bulkPut([{ ...first!, acked: 1 }, { ...second!, acked: 1 }]);
  expect((await counts(store)).waiting).toBe(1);
  expect(await waitingActs(store)).toMatchObject([[{ entity: "touch", pk: next }]]);
  const { act: _, ...older } = third!;
  await store.db.outbox.put(older);
  await enqueue(store, [{ ...planned(), pk: newId() }]);
  expect((await counts(store)).waiting).toBe(2);
  await store.db.outbox.where("acked").equals(0).modify({ acked: 1 });
  expect((await counts(store)).waiting).toBe(0);
});
