import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { BlobRecord } from "../store/db";
import { newId } from "../store/ids";
import { readMeta, writeMeta } from "../store/meta";
import { enqueue } from "../store/outbox";
import { currentPerson, knownPeople, rememberPerson, sealPerson } from "../store/people";
import { sealedWork } from "../store/sealed";
import { closeStores, freshStore } from "../store/testing";
import type { Person, Store } from "../store/types";
import { shaHex } from "../sync/core/digest";
import { toBytes } from "../sync/core/utf8";
import { drain } from "./drain";
import { keepDrainKey } from "./drain-key";
import { type Http, makeHttp } from "./http";
import { PullPace, PushPace } from "./pace";
import { FakeServer, always, cutReply, lostReply, lostRequest, refuse } from "./testing";

const memory = new Map<string, string>();
const turn = { isMine: () => true };
let [server, store, http]: [FakeServer, Store, Http] = [new FakeServer(), {} as Store, {} as Http];

beforeEach(async () => {
  memory.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
    removeItem: (key: string) => memory.delete(key),
  });
  [server, store] = [new FakeServer(), await freshStore()];
  http = makeHttp(() => undefined, server.fetch);
});

afterEach(() => {
  closeStores();
  vi.unstubAllGlobals();
});

const person = (): Person => ({ id: store.person, name: "林", role: "rep", loginName: "lin", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });

const photo = (state: BlobRecord["state"]): BlobRecord => ({ sha256: "0".repeat(64), media_type: "image/jpeg", size: 1, state, at: 1, act: "", log: 0 });

const register = () => keepDrainKey({ store, http, push: new PushPace(), pull: new PullPace(), turn });

const write = (name = "甲") => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name } }]);

/** Three visits that the server does not have, on a device whose access has just been ended. */
async function barred(): Promise<void> {
  rememberPerson(person());
  await register();
  for (let n = 0; n < 3; n++) await write();
  server.isBarred = true;
  await sealPerson(store);
}

test("the server learns the hash of a key that stays here, once for each device and epoch", async () => {
  await register();
  await register();
  expect(server.asked).toEqual(["drain-key"]);
  const { drain: known } = await readMeta(store.db, "drain");
  expect([...server.keys]).toEqual([shaHex(toBytes(known!.key))]);
  expect(known!.key).toMatch(/^[0-9a-f]{64}$/);
  await writeMeta(store.db, { device: newId() });
  await register();
  await writeMeta(store.db, { epoch: 9 });
  await register();
  expect([server.asked.length, server.keys.size]).toEqual([3, 1]);
});

test("an older server, which knows no such key, does not stop the queue", async () => {
  server.faults = [["drain-key", always(() => refuse(404, "not_found"))]];
  await register();
  await register();
  expect(server.keys.size).toBe(1);
});

test("a full device has no key until there is room, and its queue goes on without", async () => {
  const spy = vi.spyOn(store.db.meta, "bulkPut").mockImplementation(() => Promise.reject(new DOMException("no room", "QuotaExceededError")) as never);
  await register();
  expect(server.asked).toEqual([]);
  spy.mockRestore();
  await register();
  expect(server.keys.size).toBe(1);
});

test("a lost answer leaves a key that the server is told again", async () => {
  server.faults = [["drain-key", lostReply]];
  await expect(register()).rejects.toThrow("offline");
  await register();
  expect(server.keys.size).toBe(1);
});

test("a barred device delivers all that it holds, though no session is left and the answer gets lost", async () => {
  await barred();
  expect(currentPerson()).toBeNull();
  server.faults = [["drain", lostRequest], ["drain", lostReply], ["drain", cutReply]];
  for (let n = 0; n < 2; n++) await expect(drain(store, http, turn)).rejects.toThrow("offline");
  await drain(store, http, turn).catch(() => undefined);
  expect(await drain(store, http, turn)).toBe("waiting"); // no backup holds it yet
  expect([...server.receipts.values()].map(({ code }) => code)).toEqual(["drained", "drained", "drained"]);
  expect(await store.db.outbox.where("acked").equals(0).count()).toBe(0);
  expect(server.asked).not.toContain("pull");
});

test("no cookie goes with it, and nothing else is asked", async () => {
  await barred();
  const asked: [string, RequestCredentials | undefined][] = [];
  const spied = makeHttp(() => undefined, (input, init) => {
    asked.push([new URL(String(input), "http://localhost").pathname, init?.credentials]);
    return server.fetch(input, init);
  });
  await drain(store, spied, turn);
  expect(new Set(asked.map(([path]) => path))).toEqual(new Set(["/sync/v1/drain"]));
  expect(new Set(asked.map(([, credentials]) => credentials))).toEqual(new Set(["omit"]));
});

test("a copied profile forks at this door, too, and tells how much it wrote under its new id", async () => {
  await barred();
  await drain(store, http, turn);
  const { device, drain: known } = await readMeta(store.db, "device", "drain");
  const copy = await freshStore();
  await writeMeta(copy.db, { device, drain: known, lastSeq: 3 });
  await enqueue(copy, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "乙" } }]);
  const told: (string | null)[] = [];
  const spied = makeHttp(() => undefined, (input, init) => {
    told.push(new URL(String(input), "http://localhost").searchParams.get("enqueued_through"));
    return server.fetch(input, init);
  });
  expect(await drain(copy, spied, turn)).toBe("waiting");
  expect(server.receipts.size).toBe(4);
  expect((await readMeta(copy.db, "device")).device).not.toBe(device);
  expect([told[0], told.at(-1)]).toEqual(["4", "1"]);
});

test("the screen is told how much is not sent, and how much is", async () => {
  await barred();
  expect(await sealedWork(store, person())).toBeNull();
  server.faults = [["drain", lostRequest]];
  await drain(store, http, turn).catch(() => undefined);
  await drain(store, http, turn);
  expect(await sealedWork(store, person())).toMatchObject({ unsent: 0, sent: 3 });
});

test("it is done when a backup holds all of it, and not while a draft or a photo is left", async () => {
  await barred();
  await drain(store, http, turn);
  server.put("customer", newId(), { name: "later" });
  server.durable = server.log.length + 1;
  await store.db.drafts.put({ key: "log", value: {}, at: 1 });
  expect(await drain(store, http, turn)).toBe("waiting");
  await store.db.drafts.clear();
  await store.db.picked.put({ id: "p", key: "log", at: 1, keptAt: 1, type: "", bytes: new ArrayBuffer(1) });
  expect(await drain(store, http, turn)).toBe("waiting");
  await store.db.picked.clear();
  await store.db.blobs.put(photo("waiting"));
  expect(await drain(store, http, turn)).toBe("waiting");
  await store.db.blobs.put(photo("cached"));
  expect(await drain(store, http, turn)).toBe("done");
  expect(knownPeople()).toHaveLength(1);
});

test("a photo that is whole on the server stays here until a backup holds it, too", async () => {
  await barred();
  await drain(store, http, turn);
  server.put("customer", newId(), { name: "later" });
  server.durable = server.log.length + 1;
  await store.db.blobs.put({ ...photo("sent"), log: server.durable });
  expect(await drain(store, http, turn)).toBe("waiting");
  await store.db.blobs.put({ ...photo("sent"), log: server.durable - 1 });
  expect(await drain(store, http, turn)).toBe("done");
});

test("what a restored server may have lost of the photos is to be announced again", async () => {
  await barred();
  await drain(store, http, turn);
  await store.db.blobs.put({ ...photo("sent"), log: 1 });
  server.restore(0);
  await drain(store, http, turn);
  expect((await store.db.blobs.toArray()).map(({ state }) => state)).toEqual(["waiting"]);
});

test("a server that was restored gets all of it again", async () => {
  await barred();
  await drain(store, http, turn);
  server.restore(0);
  await drain(store, http, turn);
  expect(server.receipts.size).toBe(3);
});

test("while its person may sign in, a sealed outbox stays and says nothing", async () => {
  await barred();
  server.isBarred = false;
  expect(await drain(store, http, turn)).toBe("kept");
  expect(await sealedWork(store, person())).toBeNull();
  expect(await store.db.outbox.where("acked").equals(0).count()).toBe(3);
});

test("what an admin gave up is told to be destroyed, and by nothing less", async () => {
  await barred();
  server.faults = [["drain", always(() => refuse(503, "server_busy"))], ["drain", always(() => refuse(401, "drain_refused"))]];
  await expect(drain(store, http, turn)).rejects.toThrow("503");
  expect(await drain(store, http, turn)).toBe("kept");
  server.isDestroyed = true;
  expect(await drain(store, http, turn)).toBe("destroyed");
});

test("an outbox without a key, and an empty one, ask for nothing", async () => {
  await write();
  expect(await drain(store, http, turn)).toBe("kept");
  const other = await freshStore();
  await writeMeta(other.db, { drain: { key: "k", device: null, epoch: 0, isBarred: false } });
  expect(await drain(other, http, turn)).toBe("kept");
  expect(server.asked).toEqual([]);
});
