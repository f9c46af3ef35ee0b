import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { decode } from "../sync/core/mutation";
import { fromBytes } from "../sync/core/utf8";
import { catalog, closeStores, freshStore, upsert } from "./testing";
import type { OutboxRecord } from "./db";
import { loadDraft, saveDraft } from "./drafts";
import { beginEdit } from "./editing";
import { newId } from "./ids";
import { readMeta } from "./meta";
import { toRecord } from "./mirror";
import { enqueue, undo } from "./outbox";
import { getRow } from "./queries";
import { keepReserve } from "./storage";
import type { Fields, Store } from "./types";

afterEach(closeStores);

const entries = (store: Store): Promise<OutboxRecord[]> => store.db.outbox.orderBy("seq").toArray();
const mutations = async (store: Store) => (await entries(store)).map(({ line }) => decode(line));

async function served(store: Store, fields: Fields, rev: readonly [number, number] = [1, 4]): Promise<string> {
  const pk = newId();
  await store.db.mirror.put(toRecord(catalog, upsert("customer", pk, fields, rev), 0));
  return pk;
}

test("a created row is on the disk with number, stamp and chain before enqueue answers", async () => {
  const store = await freshStore();
  const [a, b] = [newId(), newId()];
  await enqueue(store, [{ entity: "customer", pk: a, op: "create", fields: { name: "永豐五金" } }]);
  await enqueue(store, [{ entity: "customer", pk: b, op: "create", fields: { name: "大同" } }]);
  const [first, second] = await entries(store);
  expect([first!.seq, second!.seq, first!.prev, second!.prev]).toEqual([1, 2, null, first!.sha]);
  const [mutation] = await mutations(store);
  expect(mutation).toMatchObject({ op: "create", seen_rev: null, base: {}, patch: { name: "永豐五金" }, after: [], schema: 1 });
  expect(await getRow(store, "customer", a)).toMatchObject({ state: "device", rev: null, pending: ["name"], fields: { name: "永豐五金" } });
});

test("every write asks the browser for strict durability", async () => {
  const spy = vi.spyOn(IDBDatabase.prototype, "transaction");
  const store = await freshStore();
  await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }]);
  const writing = spy.mock.calls.filter(([, mode]) => mode === "readwrite");
  expect(writing.length).toBeGreaterThan(0);
  for (const [, , options] of writing) expect(options).toEqual({ durability: "strict" });
  spy.mockRestore();
});

test("a patch holds only what differs from what was seen, and a later pull advances neither", async () => {
  const store = await freshStore();
  const pk = await served(store, { name: "永豐", phone: "1", notes: "甲", tags: ["a", "b"], visits: 3 });
  const editing = await beginEdit(store, "customer", pk);
  const newer = upsert("customer", pk, { name: "永豐", phone: "2", notes: "甲" }, [1, 7]);
  await store.db.mirror.put(toRecord(catalog, newer, 0));
  const fields = { name: "永豐", phone: "3", notes: "甲乙", tags: ["b", "c"], visits: 5 };
  await enqueue(store, [{ entity: "customer", pk, op: "patch", fields, editing }]);
  expect((await mutations(store))[0]).toMatchObject({
    seen_rev: [1, 4],
    base: { phone: "1", notes: "甲" },
    patch: { phone: "3", notes: "甲乙", tags: { add: ["c"], remove: ["a"] }, visits: { add: 2 } },
  });
});

test("the base of a second edit is the text with one's own unsent first one", async () => {
  const store = await freshStore();
  const pk = await served(store, { notes: "甲" });
  for (const notes of ["甲\n乙", "甲\n乙\n丙"]) {
    await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { notes }, editing: await beginEdit(store, "customer", pk) }]);
  }
  expect((await mutations(store)).map(({ base, seen_rev }) => [base["notes"], seen_rev])).toEqual([["甲", [1, 4]], ["甲\n乙", [1, 4]]]);
  expect((await getRow(store, "customer", pk))!.fields["notes"]).toBe("甲\n乙\n丙");
});

test("what others wrote beneath an own unsent write does not count as seen, all else on the row does", async () => {
  const store = await freshStore();
  const pk = await served(store, { name: "永豐", phone: "1", tags: ["a"] });
  const patch = async (fields: Fields) =>
    enqueue(store, [{ entity: "customer", pk, op: "patch", fields, editing: await beginEdit(store, "customer", pk) }]);
  await patch({ phone: "2", tags: ["a", "b"] });
  await store.db.mirror.put(toRecord(catalog, upsert("customer", pk, { name: "大同", phone: "theirs", tags: ["a", "c"] }, [1, 9]), 0));
  await patch({ phone: "3" });
  await patch({ name: "大同二" });
  await patch({ tags: ["a"] });
  await patch({ name: "大同三", phone: "4" });
  expect((await mutations(store)).map(({ seen_rev }) => seen_rev)).toEqual([[1, 4], [1, 4], [1, 9], [1, 9], [1, 4]]);
});

test("a touched group travels whole, and an untouched form writes nothing", async () => {
  const store = await freshStore();
  const pk = await served(store, { payment_terms: "月結30", credit_limit_minor: 500 });
  const nothing = await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { payment_terms: "月結30", phone: "" } }]);
  expect(nothing.mutations).toEqual([]);
  await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { payment_terms: "月結60" } }]);
  expect((await mutations(store))[0]!.patch).toEqual({ payment_terms: "月結60", credit_limit_minor: 500 });
});

test("undo is one more act that names the first, and gives the old values back", async () => {
  const store = await freshStore();
  const pk = await served(store, { phone: "1", notes: "甲", tags: ["a"] });
  const done = await enqueue(store, [{ entity: "customer", pk, op: "patch", fields: { phone: "2", notes: "乙", tags: ["b"] } }]);
  await undo(store, done);
  expect((await getRow(store, "customer", pk))!.fields).toEqual({ phone: "1", notes: "甲", tags: ["a"] });
  const [first, second] = await mutations(store);
  expect(second).toMatchObject({ after: [first!.id], seen_rev: [1, 4], base: { phone: "2", notes: "乙" } });
  const logged = await enqueue(store, [{ entity: "interaction", pk: newId(), op: "create", fields: { customer_id: pk, started_at: 5 } }]);
  expect(logged.inverse).toMatchObject([[{ op: "void" }]]);
});

test("broken characters are mended, floats and oversized acts are refused with their field", async () => {
  const store = await freshStore();
  const pk = newId();
  const create = (fields: Fields) => enqueue(store, [{ entity: "customer", pk, op: "create", fields }]);
  await expect(create({ visits: 1.5 })).rejects.toMatchObject({ code: "wrong_type", fields: ["visits"] });
  await expect(create({ visits: 2 ** 53 })).rejects.toMatchObject({ code: "wrong_type" });
  await expect(create({ notes: "x".repeat(64 * 1024) })).rejects.toMatchObject({ code: "too_large", fields: ["notes"] });
  await expect(create({ territory_id: "t" })).rejects.toMatchObject({ code: "read_only_field" });
  await expect(create({ nonsense: "t" })).rejects.toMatchObject({ code: "unknown_field" });
  expect(await entries(store)).toEqual([]);
  await create({ name: "a\ud83d\0b" });
  expect((await mutations(store))[0]!.patch).toEqual({ name: "a\ufffdb" });
});

test("a command stands alone, and a txn has at most 100 mutations", async () => {
  const store = await freshStore();
  const command = { entity: "conflict", pk: newId(), op: "command", fields: { command: "resolve" }, editing: { entity: "conflict", pk: newId(), seenRev: [1, 1], seenAgg: null, base: {} } } as const;
  const create = () => ({ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }) as const;
  await expect(enqueue(store, [command, create()])).rejects.toMatchObject({ code: "invalid_value" });
  await expect(enqueue(store, Array.from({ length: 101 }, create))).rejects.toMatchObject({ code: "too_large" });
  expect((await readMeta(store.db, "lastSeq")).lastSeq).toBe(0);
  await enqueue(store, [command]);
  expect((await mutations(store))[0]!.patch).toEqual({ command: "resolve" });
});

test("the draft ends in the transaction of its act, and survives when the act fails", async () => {
  const store = await freshStore();
  saveDraft(store, "visit", { notes: "談" });
  const bad = enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { visits: 0.5 } }], { draft: "visit" });
  await expect(bad).rejects.toMatchObject({ code: "wrong_type" });
  expect(await loadDraft(store, "visit")).toEqual({ notes: "談" });
  await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }], { draft: "visit" });
  expect(await loadDraft(store, "visit")).toBeNull();
});

test("two tabs that write at once share one unbroken numbering", async () => {
  const person = newId();
  const [a, b] = [await freshStore(person), await freshStore(person)];
  const write = (store: Store, i: number) => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: `${i}` } }]);
  await Promise.all(Array.from({ length: 20 }, (_, i) => write(i % 2 ? a : b, i)));
  const all = await entries(a);
  expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(all.slice(1).every(({ prev }, i) => prev === all[i]!.sha)).toBe(true);
});

test("a lost connection is opened again and the act is written once", async () => {
  const store = await freshStore();
  store.db.close();
  await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }]);
  expect((await entries(store)).map(({ line }) => fromBytes(line).includes('"name":"a"'))).toEqual([true]);
});

test("an act that was written although the browser reported a failure is not written twice", async () => {
  const store = await freshStore();
  const lost = Object.assign(new Error("Connection to Indexed Database server lost"), { name: "UnknownError" });
  const transaction = store.db.transaction.bind(store.db) as (...args: unknown[]) => Promise<unknown>;
  const spy = vi.spyOn(store.db, "transaction").mockImplementationOnce((async (...args: unknown[]) => {
    await transaction(...args);
    throw lost;
  }) as never);
  const { mutations: written } = await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }]);
  spy.mockRestore();
  expect((await entries(store)).map(({ id, seq }) => [id, seq])).toEqual([[written[0]!.id, 1]]);
});

test("on a full disk the reserved space is given back and the act is written", async () => {
  const store = await freshStore();
  const full = Object.assign(new Error("full"), { name: "QuotaExceededError" });
  const spy = vi.spyOn(store.db.outbox, "bulkAdd").mockImplementationOnce(() => Promise.reject(full) as never);
  await enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }]);
  expect(await entries(store)).toHaveLength(1);
  spy.mockImplementation(() => Promise.reject(full) as never);
  const again = enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "b" } }]);
  await expect(again).rejects.toMatchObject({ code: "device_full" });
});

test("a disk too full for any write at all still has the reserved space given back, and is named", async () => {
  const store = await freshStore();
  const full = Object.assign(new Error("full"), { name: "QuotaExceededError" });
  await keepReserve(store);
  vi.spyOn(store.db.outbox, "bulkAdd").mockImplementation(() => Promise.reject(full) as never);
  vi.spyOn(store.db.meta, "bulkPut").mockImplementation(() => Promise.reject(full) as never);
  const act = enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }]);
  await expect(act).rejects.toMatchObject({ code: "device_full" });
  expect(await readMeta(store.db, "reserve")).toEqual({ reserve: null });
});
