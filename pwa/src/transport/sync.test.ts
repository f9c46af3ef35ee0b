import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { flushDrafts, loadDraft, saveDraft } from "../store/drafts";
import { downloadAnew } from "../store/expired";
import { rememberPerson } from "../store/people";
import { enqueue } from "../store/outbox";
import { newId } from "../store/ids";
import { readMeta, writeMeta } from "../store/meta";
import { getRow } from "../store/queries";
import { mirrorSums } from "../store/sums";
import { closeStores, freshStore } from "../store/testing";
import { INITIAL_STATUS, status } from "../store/status";
import type { Store } from "../store/types";
import type { Context } from "./context";
import { makeHttp } from "./http";
import { PullPace, PushPace } from "./pace";
import { pass } from "./pass";
import { pullAll } from "./pull";
import { FakeServer, always, cutReply, lostReply, lostRequest, refuse } from "./testing";

const memory = new Map<string, string>();

beforeEach(() => {
  memory.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
    removeItem: (key: string) => memory.delete(key),
  });
  status.value = INITIAL_STATUS;
});
afterEach(closeStores);

function device(store: Store, server: FakeServer): Context {
  rememberPerson({ id: store.person, name: "林", role: "rep", loginName: "lin", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });
  return { store, http: makeHttp(() => {}, server.fetch), push: new PushPace(), pull: new PullPace(), turn: { isMine: () => true } };
}

const create = (store: Store, name: string, pk = newId()) =>
  enqueue(store, [{ entity: "customer", pk, op: "create", fields: { name } }]).then(() => pk);

const waiting = (store: Store) => store.db.outbox.where("acked").equals(0).count();
const names = async (store: Store) => (await store.db.mirror.toArray()).map(({ body }) => (JSON.parse(body) as { name: string }).name).sort();

/** What a caught-up device must equal. */
async function expectLevel(store: Store, server: FakeServer): Promise<void> {
  const { scopes } = await mirrorSums(store);
  for (const [scope, { count }] of Object.entries(scopes)) expect([scope, count]).toEqual([scope, server.live(scope).length]);
  expect((await readMeta(store.db, "joins")).joins).toEqual({});
  expect(await store.db.outbox.count()).toBe(0);
}

/** Passes again after failures, as the loop does, until one says that all is done. */
async function passes(context: Context, atMost = 10): Promise<void> {
  for (let i = 0; i < atMost; i++) if (await pass(context).catch(() => false)) return;
  throw new Error("never done");
}

test("a fresh device downloads its scopes in chunks, and a write comes back as the server's row", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  for (let i = 0; i < 5; i++) server.put("customer", newId(), { name: `c${i}` });
  server.put("customer", newId(), { name: "elsewhere" }, "territory:other");
  const context = device(store, server);
  await passes(context);
  expect(await names(store)).toEqual(["c0", "c1", "c2", "c3", "c4"]);
  const pk = await create(store, "新客戶");
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "device" });
  await passes(context);
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "server", rev: [1, 1], pending: [] });
  await expectLevel(store, server);
});

test("more grants than may be on their way at once are all brought in by one pass", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  for (const name of "abcdef") {
    server.scopes.add(`territory:${name}`);
    server.put("customer", newId(), { name }, `territory:${name}`);
  }
  await writeMeta(store.db, { verifiedAt: Date.now() });
  expect(await pass(device(store, server))).toBe(true);
  expect(await names(store)).toEqual([..."abcdef"]);
});

test("a push whose reply is lost is applied once", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  server.faults = [["push", lostReply], ["push", lostReply]];
  await passes(context);
  expect(server.applied).toHaveLength(1);
  await expectLevel(store, server);
});

test("a page cut in the middle of a line changes nothing, and the next one mends it", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.put("customer", newId(), { name: "a" });
  const context = device(store, server);
  server.faults = [["pull", cutReply]];
  await expect(pass(context)).rejects.toMatchObject({ name: "OfflineError" });
  expect(await readMeta(store.db, "cursor", "scopes")).toEqual({ cursor: null, scopes: null });
  server.faults = [["snapshot", cutReply], ["pull", lostReply], ["head", lostRequest]];
  await passes(context);
  await expectLevel(store, server);
});

test("a download goes on with the chunk after the last one kept", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  for (let i = 0; i < 6; i++) server.put("customer", newId(), { name: `c${i}` });
  const ok: Parameters<typeof server.faults.push>[0] = ["snapshot", (_path, serve) => serve()];
  server.faults = [ok, ok, ["snapshot", lostRequest]];
  await expect(pass(device(store, server))).rejects.toMatchObject({ name: "OfflineError" });
  const before = await store.db.mirror.count();
  expect(before).toBeGreaterThan(0);
  server.asked = [];
  await passes(device(store, server));
  expect(server.asked.filter((part) => part === "snapshot").length).toBeLessThan(4);
  await expectLevel(store, server);
});

test("what was typed stays on the screen until its scope has come in", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.put("customer", newId(), { name: "a" });
  const context = device(store, server);
  const pk = await create(store, "新客戶");
  server.faults = [["snapshot", lostRequest], ["snapshot", lostRequest]];
  await pass(context).catch(() => {});
  expect(server.applied).toHaveLength(1);
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "server", fields: { name: "新客戶" } });
  await passes(context);
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "server", rev: [1, 1] });
  await expectLevel(store, server);
});

test("a row that leaves while its scope is still downloading does not come back with a chunk", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const pks = Array.from({ length: 4 }, () => newId()).sort();
  pks.forEach((pk, i) => server.put("customer", pk, { name: `c${i}` }));
  const moving = pks[0]!;
  server.faults = [["snapshot", (_path, serve) => serve()], ["snapshot", async (_path, serve) => {
    const chunk = await serve();
    server.put("customer", moving, { name: "gone" }, "territory:other");
    return chunk;
  }]];
  await passes(device(store, server));
  expect(await store.db.mirror.get(["customer", moving])).toBeUndefined();
  await expectLevel(store, server);
});

test("a 401 keeps the queue; after sign-in it goes without a new write", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  server.faults = [["push", always(() => refuse(401, "session_required"))]];
  await expect(pass(context)).rejects.toMatchObject({ status: 401 });
  expect(await waiting(store)).toBe(1);
  await passes(context);
  expect(server.applied).toHaveLength(1);
});

test("a 429 says how long to wait", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  await create(store, "甲");
  server.faults = [["push", always(() => refuse(429, "too_many_requests", {}, { "retry-after": "7" }))]];
  await expect(pass(device(store, server))).rejects.toMatchObject({ status: 429, retryAfterMs: 7000 });
  expect(await waiting(store)).toBe(1);
});

test("one poisoned mutation among many is stored raw, the others are applied", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  for (let i = 0; i < 12; i++) await create(store, i === 5 ? server.poison : `c${i}`);
  await passes(context, 40);
  expect(server.applied).toHaveLength(11);
  expect([...server.receipts.values()].filter(({ code }) => code === "store_raw")).toHaveLength(1);
});

test("a mutation that kills the server's worker is stored raw, the others are applied", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  for (let i = 0; i < 12; i++) await create(store, i === 5 ? server.crash : `c${i}`);
  await passes(context, 80);
  expect(server.applied).toHaveLength(11);
  expect([...server.receipts.values()].filter(({ code }) => code === "store_raw")).toHaveLength(1);
});

test("what arrives altered is sent again until it arrives whole", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.alterations = 2;
  for (const name of ["甲", "糊塗", "乙"]) await create(store, name);
  await passes(device(store, server));
  expect(await names(store)).toEqual(["乙", "甲", "糊塗"].sort());
  expect([...server.receipts.values()].every(({ code }) => code === null)).toBe(true);
  await expectLevel(store, server);
});

test("what always arrives altered holds nothing up, and its good bytes stay until the person has settled it", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.alterations = Infinity;
  const context = device(store, server);
  const pk = await create(store, "糊塗");
  await create(store, "乙");
  await passes(context, 40);
  expect(server.applied).toHaveLength(1);
  expect(await waiting(store)).toBe(0);
  expect(await getRow(store, "customer", pk)).toMatchObject({ state: "needs", fields: { name: "糊塗" } });
  const [entry] = await store.db.outbox.toArray();
  const card = await getRow(store, "parked", entry!.id);
  expect(card).toMatchObject({ fields: { entity: "customer", row_pk: pk, op: "create" } });
  expect(card!.fields["mutation"]).toContain("糊塗");
  server.put("parked", entry!.id, { state: "dismissed", code: "sha_mismatch" }, "everyone");
  await passes(context);
  expect(await store.db.outbox.count()).toBe(0);
});

test("a network that is gone for long parks nothing when it comes back", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  server.faults = Array.from({ length: 30 }, () => [["push", lostRequest], ["head", lostRequest]] as const).flat().map(([part, fault]) => [part, fault]);
  await passes(context, 60);
  expect(server.pushed.some(({ store_raw }) => store_raw)).toBe(false);
  expect(server.applied).toHaveLength(1);
});

test("a server that is down for long parks nothing when it comes back", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  server.faults = Array.from({ length: 30 }, () => ["push", always(() => refuse(503, "server_busy"))]);
  await passes(context, 60);
  expect(server.pushed.some(({ store_raw }) => store_raw)).toBe(false);
  expect(server.applied).toHaveLength(1);
});

test("what was written over another mirror goes by another push, with that mirror's cursor", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await passes(context);
  const { cursor: before } = await readMeta(store.db, "cursor");
  for (const name of ["甲", "乙"]) await create(store, name);
  server.put("customer", newId(), { name: "theirs" });
  await pullAll(context);
  const { cursor: after } = await readMeta(store.db, "cursor");
  await create(store, "丙");
  server.pushed = [];
  await passes(context);
  expect(server.pushed.map(({ cursor }) => cursor)).toEqual([before, after]);
  expect(after).not.toBe(before);
  await expectLevel(store, server);
});

test("a 413 halves the batch", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  for (let i = 0; i < 8; i++) await create(store, `c${i}`);
  server.faults = [["push", always(() => refuse(413, "request_too_large"))], ["push", always(() => refuse(413, "request_too_large"))]];
  await passes(device(store, server));
  expect(server.applied).toHaveLength(8);
});

test("a cloned profile forks: a new device id, the same mutations, all of them applied", async () => {
  const server = new FakeServer();
  const [a, b] = [await freshStore(), await freshStore()];
  await writeMeta(b.db, { device: (await readMeta(a.db, "device")).device });
  const [first, second] = [device(a, server), device(b, server)];
  memory.clear();
  device(a, server);
  await create(a, "甲");
  await passes(first);
  await create(b, "乙");
  await create(b, "丙");
  const ids = (await b.db.outbox.toArray()).map(({ id }) => id);
  device(b, server);
  await passes(second);
  expect(server.applied.map(({ id }) => id).slice(1)).toEqual(ids);
  expect((await readMeta(b.db, "device")).device).not.toBe((await readMeta(a.db, "device")).device);
  expect(server.pushed.some(({ parent }) => parent !== null)).toBe(true);
  expect((await readMeta(b.db, "parent")).parent).toBeNull();
});

test("a restored server gets what it lost and is still here; the mirror follows the new timeline", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  await passes(context);
  const at = server.log.length;
  await create(store, "乙");
  server.faults = [["pull", lostRequest], ["head", lostRequest]];
  await pass(context).catch(() => {});
  expect(await waiting(store)).toBe(0);
  server.restore(at);
  await create(store, "丙");
  await passes(context);
  expect(await names(store)).toEqual(["丙", "乙", "甲"].sort());
  await expectLevel(store, server);
  expect(server.pushed.filter(({ void: voided }) => voided)).toEqual([]);
});

test("work that was pulled long ago comes back from the journal when the server is restored to before it", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  await passes(context);
  const at = server.log.length;
  server.durable = at;
  await create(store, "乙");
  await passes(context);
  expect(await store.db.outbox.count()).toBe(0);
  server.restore(at);
  await passes(context);
  expect([...server.rows.values()].map(({ fields }) => fields["name"])).toContain("乙");
  expect(await names(store)).toEqual(["乙", "甲"]);
  await expectLevel(store, server);
});

test("what a restored server misses and nobody has any more is declared void, and the rest goes on", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  await passes(context);
  const at = server.log.length;
  await store.db.journal.clear();
  server.restore(at);
  await create(store, "丙");
  await passes(context);
  expect(await names(store)).toEqual(["丙", "甲"].sort());
  expect(server.pushed.find(({ void: voided }) => voided)?.void).toEqual([1, 1]);
});

test("a lost scope's rows go at once, a row that moved away leaves, an unsent edit of it is still sent", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.scopes.add("territory:u");
  const [x, y] = [newId(), newId()];
  server.put("customer", x, { name: "x" });
  server.put("customer", y, { name: "y" }, "territory:u");
  const context = device(store, server);
  await passes(context);
  await enqueue(store, [{ entity: "customer", pk: x, op: "patch", fields: { notes: "談過" } }]);
  server.scopes.delete("territory:u");
  server.put("customer", x, { name: "x" }, "territory:other");
  server.faults = [["push", lostRequest]];
  await passes(context);
  expect(await names(store)).toEqual([]);
  expect(server.applied).toMatchObject([{ pk: x, patch: { notes: "談過" } }]);
});

test("a quiet device still pulls once a day, so that its cursor never falls behind", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await passes(context);
  server.asked = [];
  await pass(context);
  expect(server.asked).not.toContain("pull");
  await writeMeta(store.db, { lastPullAt: Date.now() - 21 * 3600 * 1000 });
  await pass(context);
  expect(server.asked).toContain("pull");
});

test("two tabs that pull at once apply a page once", async () => {
  const server = new FakeServer();
  const person = newId();
  const [a, b] = [await freshStore(person), await freshStore(person)];
  const [one, two] = [device(a, server), device(b, server)];
  for (let i = 0; i < 5; i++) server.put("customer", newId(), { name: `c${i}` });
  await Promise.all([create(a, "甲"), create(b, "乙")]);
  await Promise.all([passes(one), passes(two)]);
  await passes(one);
  expect(server.applied).toHaveLength(2);
  await expectLevel(a, server);
});

test("a cursor that the server cannot read any more is replaced without losing a row from sight", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.put("customer", newId(), { name: "a" });
  const context = device(store, server);
  await passes(context);
  await writeMeta(store.db, { cursor: "nonsense", headTag: null });
  const seen: number[] = [];
  server.faults = Array.from({ length: 3 }, () => ["snapshot", async (_path, serve) => {
    seen.push(await store.db.mirror.count());
    return serve();
  }]);
  await passes(context);
  expect(seen.length).toBeGreaterThan(0);
  expect(Math.min(...seen)).toBe(1);
  await expectLevel(store, server);
});

test("verify finds a damaged mirror, and only the scope that differs is built anew", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const [kept, lost] = [newId(), newId()];
  server.scopes.add("territory:sound");
  server.put("customer", newId(), { name: "elsewhere" }, "territory:sound");
  server.put("customer", kept, { name: "kept" });
  server.put("customer", lost, { name: "lost" });
  const context = device(store, server);
  await passes(context);
  await store.db.mirror.delete(["customer", lost]);
  await writeMeta(store.db, { verifiedAt: null });
  server.asked = [];
  await passes(context);
  expect(server.asked.filter((part) => part === "snapshot")).toHaveLength(1);
  expect(await names(store)).toEqual(["elsewhere", "kept", "lost"]);
  await expectLevel(store, server);
});

test("a full disk pauses the pull, and writing and sending go on", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await passes(context);
  server.put("customer", newId(), { name: "big" });
  const full = Object.assign(new Error("full"), { name: "QuotaExceededError" });
  const spy = vi.spyOn(store.db.mirror, "bulkPut").mockImplementation(() => Promise.reject(full) as never);
  await create(store, "甲");
  await expect(pass(context)).rejects.toThrow();
  expect(status.value.storage.full).toBe(true);
  expect(server.applied).toHaveLength(1);
  spy.mockRestore();
  await passes(context);
  expect(status.value.storage.full).toBe(false);
  await expectLevel(store, server);
});

test("a session of somebody else takes nothing and brings nothing, whatever the cookie says", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  server.person = newId();
  await expect(pass(context)).rejects.toMatchObject({ status: 403, code: "wrong_person" });
  await create(store, "甲");
  await expect(pass(context)).rejects.toMatchObject({ status: 403, code: "wrong_person" });
  expect([server.applied, await store.db.mirror.count(), await waiting(store)]).toEqual([[], 0, 1]);
  server.person = store.person;
  await passes(context);
  expect(server.applied).toHaveLength(1);
  await expectLevel(store, server);
});

test("nothing is sent under another person's session", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  await create(store, "甲");
  rememberPerson({ id: newId(), name: "王", role: "rep", loginName: "wang", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });
  await pass(context);
  expect(server.asked).toEqual([]);
});

/** A device with a row, a draft, a journal and something unsent, away while two scopes changed and one row was purged. */
async function away(): Promise<[FakeServer, Store, Context]> {
  const [server, store] = [new FakeServer(), await freshStore()];
  const context = device(store, server);
  const gone = newId();
  server.put("customer", newId(), { name: "quiet" }, "everyone");
  server.put("customer", gone, { name: "gone" });
  await create(store, "甲");
  await passes(context);
  saveDraft(store, "log", { text: "half a sentence" });
  await flushDrafts(store);
  await create(store, "unsent");
  server.delete(gone);
  server.rows.delete(gone);
  server.put("customer", newId(), { name: "meanwhile" });
  server.floor = server.log.length;
  server.asked = [];
  return [server, store, context];
}

const kept = async (store: Store) => [await store.db.journal.count(), await loadDraft(store, "log")];

test("below the purge floor only the scopes that changed are downloaded anew; outbox, journal and drafts stay", async () => {
  const [server, store, context] = await away();
  await passes(context);
  expect(await names(store)).toEqual(["meanwhile", "quiet", "unsent", "甲"]);
  expect(server.applied.map(({ patch }) => patch["name"])).toEqual(["甲", "unsent"]);
  expect(server.asked.filter((part) => part === "snapshot")).toHaveLength(2);
  const held = await store.db.mirror.toArray();
  expect(held.filter(({ scope, gen }) => scope === "everyone" && gen === 1)).toHaveLength(1);
  expect(await kept(store)).toEqual([2, { text: "half a sentence" }]);
  await expectLevel(store, server);
});

test("with more scopes than a cursor holds a device that was away begins from the start, and keeps as much", async () => {
  const [server, store, context] = await away();
  server.hasRoom = false;
  await passes(context);
  expect(await names(store)).toEqual(["meanwhile", "quiet", "unsent", "甲"]);
  expect(await kept(store)).toEqual([2, { text: "half a sentence" }]);
  await expectLevel(store, server);
});

test("of two tabs that are told of the floor at once the second changes nothing", async () => {
  const [server, store, context] = await away();
  const { cursor } = await readMeta(store.db, "cursor");
  await passes(context);
  const before = await readMeta(store.db, "cursor", "gen", "joins");
  await downloadAnew(store, cursor!, { scopes: ["everyone"], cursor: "older" });
  expect(await readMeta(store.db, "cursor", "gen", "joins")).toEqual(before);
  await expectLevel(store, server);
});
