import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../store/ids";
import { enqueue } from "../store/outbox";
import { readMeta } from "../store/meta";
import { currentPerson, rememberPerson } from "../store/people";
import { INITIAL_STATUS, status } from "../store/status";
import { closeStores, freshStore } from "../store/testing";
import type { Store } from "../store/types";
import { makeHttp } from "./http";
import { inTurn } from "./lock";
import { type SyncLoop, contactReporter, startSync } from "./loop";
import { FakeServer, Locks, always, lostRequest, refuse } from "./testing";

let loop: SyncLoop | undefined;
const memory = new Map<string, string>();

beforeEach(() => {
  memory.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
    removeItem: (key: string) => memory.delete(key),
  });
  const page = new EventTarget();
  vi.stubGlobal("document", Object.assign(page, { visibilityState: "visible" }));
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  vi.stubGlobal("navigator", { locks: new Locks() });
  status.value = INITIAL_STATUS;
});

afterEach(() => {
  loop?.stop();
  loop = undefined;
  closeStores();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function start(store: Store, server: FakeServer): SyncLoop {
  rememberPerson({ id: store.person, name: "林", role: "rep", loginName: "lin", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });
  loop = startSync(store, makeHttp(contactReporter(store), server.fetch));
  return loop;
}

const create = (store: Store) => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "甲" } }]);

const until = async (check: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !check(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(check()).toBe(true);
};

test("a write is sent without anybody asking", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  await start(store, server).syncNow();
  await create(store);
  await until(() => server.applied.length === 1);
  await until(() => status.value.phase === "idle");
  expect(status.value).toMatchObject({ offline: false, error: null, sessionExpired: false });
});

test("a revoked device forgets what it downloaded and who worked on it, keeps what it has not sent, and goes on after a new sign-in", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.put("customer", newId(), { name: "祕密" });
  await start(store, server).syncNow();
  expect(await store.db.mirror.count()).toBe(1);
  server.faults = [["head", lostRequest], ["push", always(() => refuse(401, "device_revoked"))]];
  await create(store);
  await until(() => status.value.error === "device_revoked");
  expect(status.value.sessionExpired).toBe(true);
  expect([await store.db.mirror.count(), await store.db.outbox.count()]).toEqual([0, 1]);
  expect([currentPerson(), (await readMeta(store.db, "drain")).drain?.isBarred]).toEqual([null, true]);
  await loop!.syncNow();
  expect(server.applied).toEqual([]);
  server.faults = [];
  await start(store, server).syncNow();
  expect((await readMeta(store.db, "drain")).drain?.isBarred).toBe(false);
  await until(() => server.applied.length === 1);
  await until(() => status.value.phase === "idle");
  expect(await store.db.mirror.count()).toBe(2);
});

test("a revoked device without any room forgets what it downloaded, too, and notes in that room that it is to be drained", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.put("customer", newId(), { name: "祕密" });
  await start(store, server).syncNow();
  const refuseWrites = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("no room", "QuotaExceededError");
  });
  const clear = store.db.mirror.clear.bind(store.db.mirror);
  vi.spyOn(store.db.mirror, "clear").mockImplementation(() => {
    refuseWrites.mockRestore();
    return clear();
  });
  server.faults = [["head", always(() => refuse(401, "device_revoked"))]];
  await loop!.syncNow();
  expect([await store.db.mirror.count(), currentPerson(), (await readMeta(store.db, "drain")).drain?.isBarred]).toEqual([0, null, true]);
});

test("an outbox under somebody else's session waits and asks for its owner", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  server.person = newId();
  await create(store);
  await start(store, server).syncNow();
  expect(status.value).toMatchObject({ sessionExpired: true, error: "wrong_person", offline: false });
  expect(await store.db.outbox.where("acked").equals(0).count()).toBe(1);
});

test("an expired session says so, and the queue moves once somebody has signed in", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  await create(store);
  server.faults = [["push", always(() => refuse(401, "session_required"))]];
  await start(store, server).syncNow();
  expect(status.value).toMatchObject({ sessionExpired: true, error: null, offline: false });
  await loop!.syncNow();
  await until(() => server.applied.length === 1);
  expect(status.value.sessionExpired).toBe(false);
});

test("no network is told, and the network's return is a reason to try at once", async () => {
  const [server, store] = [new FakeServer(), await freshStore()];
  await create(store);
  server.faults = [["push", lostRequest]];
  await start(store, server).syncNow();
  expect(status.value).toMatchObject({ offline: true, error: null });
  document.dispatchEvent(new Event("online"));
  await until(() => server.applied.length === 1);
  await until(() => !status.value.offline);
});

test("another tab hears what this one found out", async () => {
  const person = newId();
  const [here, there] = [await freshStore(person), await freshStore(person)];
  const { onChange } = await import("../store/changes");
  const heard: unknown[] = [];
  onChange(there, ({ status: news }) => news && heard.push(news));
  const server = new FakeServer();
  server.faults = [["head", always(() => refuse(401, "session_required"))]];
  await start(here, server).syncNow();
  await until(() => heard.some((news) => (news as { sessionExpired?: boolean }).sessionExpired === true));
});

test("only one tab has the turn", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 10));
    inside -= 1;
  };
  const got = await Promise.all([inTurn(work), inTurn(work), inTurn(work)]);
  expect([got.filter(Boolean).length, most]).toEqual([1, 1]);
  expect(await inTurn(work)).toBe(true);
});

test("a tab that froze in its turn loses it, and does not go on when it wakes", async () => {
  let wake: () => void = () => {};
  let wasMine: boolean | null = null;
  const frozen = inTurn(async (turn) => {
    await new Promise<void>((resolve) => (wake = resolve));
    wasMine = turn.isMine();
  }).catch((error: unknown) => (error as Error).name);
  await until(() => memory.has("baifang-sync-beat"));
  expect(await inTurn(async () => {})).toBe(false);
  memory.set("baifang-sync-beat", JSON.stringify({ ...JSON.parse(memory.get("baifang-sync-beat")!), at: Date.now() - 100_000 }));
  expect(await inTurn(async () => wake())).toBe(true);
  expect(await frozen).toBe("AbortError");
  await until(() => wasMine !== null);
  expect(wasMine).toBe(false);
});

test("a browser without Web Locks still takes turns", async () => {
  vi.stubGlobal("navigator", {});
  const long = inTurn(() => new Promise((resolve) => setTimeout(resolve, 20)));
  expect(await inTurn(async () => {})).toBe(false);
  expect(await long).toBe(true);
  expect(await inTurn(async () => {})).toBe(true);
});
