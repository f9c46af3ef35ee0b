import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onChange } from "./changes";
import { loadDraft, saveDraft, flushDrafts } from "./drafts";
import { exportOutbox } from "./export";
import { newId } from "./ids";
import { readMeta, writeMeta } from "./meta";
import { toRecord } from "./mirror";
import { canStore, databaseName, openStore } from "./open";
import { enqueue } from "./outbox";
import { signOutHere, switchPerson } from "./leaving";
import { UnsentError, currentPerson, keepPeople, knownPeople, recallPeople, rememberPerson } from "./people";
import { catalog, closeStores, freshStore, upsert } from "./testing";
import type { Person, Store } from "./types";

/** What a page reads at once; a killed browser may have written none of its last minute. */
let memory = new Map<string, string>();

beforeEach(() => {
  memory = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
    removeItem: (key: string) => memory.delete(key),
  });
});
afterEach(() => {
  closeStores();
  vi.unstubAllGlobals();
  indexedDB.deleteDatabase("baifang");
});

const person = (id: string): Person => ({ id, name: "林", role: "rep", loginName: "lin", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });
const create = (store: Store, name: string) => enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name } }]);
const isThere = async (id: string) => (await indexedDB.databases()).some(({ name }) => name === databaseName(id));

test("switching wipes what was pulled, and seals outbox, drafts and numbering until that person returns", async () => {
  const store = await freshStore();
  rememberPerson(person(store.person));
  await store.db.mirror.put(toRecord(catalog, upsert("customer", newId(), { name: "祕密" }), 0));
  await writeMeta(store.db, { cursor: "c", scopes: ["everyone"] });
  await create(store, "未送");
  saveDraft(store, "visit", { notes: "談" });
  await flushDrafts(store);
  const { device } = await readMeta(store.db, "device");
  await switchPerson(store);
  expect(currentPerson()).toBeNull();
  expect(knownPeople()).toHaveLength(1);
  const again = await freshStore(store.person);
  expect(await again.db.mirror.count()).toBe(0);
  expect(await readMeta(again.db, "device", "cursor", "scopes", "lastSeq")).toEqual({ device, cursor: null, scopes: null, lastSeq: 1 });
  expect(await again.db.outbox.count()).toBe(1);
  expect(await loadDraft(again, "visit")).toEqual({ notes: "談" });
});

test("a kill loses neither a sign-in nor a leave, though the browser had not written them yet", async () => {
  rememberPerson(person("a"));
  await keepPeople();
  const written = new Map(memory);
  memory.clear();
  await recallPeople();
  expect([currentPerson()?.id, knownPeople().length]).toEqual(["a", 1]);
  const store = await freshStore("a");
  await switchPerson(store);
  for (const [key, value] of written) memory.set(key, value);
  expect(currentPerson()?.id).toBe("a");
  await recallPeople();
  expect(currentPerson()).toBeNull();
});

test("what the page knows already is newer than an older copy", async () => {
  rememberPerson(person("a"));
  await keepPeople();
  rememberPerson(person("b"));
  await recallPeople();
  expect(currentPerson()?.id).toBe("b");
});

test("signing out is refused with the count while anything is unsent", async () => {
  const store = await freshStore();
  rememberPerson(person(store.person));
  await create(store, "未送");
  const refused = signOutHere(store);
  await expect(refused).rejects.toBeInstanceOf(UnsentError);
  await expect(refused).rejects.toMatchObject({ unsent: { acts: 1, drafts: 0 } });
  expect(await store.db.outbox.count()).toBe(1);
});

test("signing out starts only the other tabs anew, and when they hear of it nobody is signed in", async () => {
  const store = await freshStore();
  rememberPerson(person(store.person));
  const heard: unknown[] = [];
  onChange(store, ({ gone }) => heard.push(gone));
  const otherTab = new BroadcastChannel(`baifang-${store.person}`);
  const told = new Promise((done) => (otherTab.onmessage = ({ data }) => done([data.gone, currentPerson()])));
  await signOutHere(store);
  expect(await told).toEqual([true, null]);
  expect(heard).toEqual([]);
  otherTab.close();
});

test("signing out leaves nothing of the person, drafts only when they were given up", async () => {
  const store = await freshStore();
  rememberPerson(person(store.person));
  saveDraft(store, "visit", { notes: "談" });
  await flushDrafts(store);
  await expect(signOutHere(store)).rejects.toMatchObject({ unsent: { drafts: 1 } });
  await signOutHere(store, { discardDrafts: true });
  expect(await isThere(store.person)).toBe(false);
  expect([currentPerson(), knownPeople()]).toEqual([null, []]);
});

test("a database that is gone comes back as a new device", async () => {
  const store = await freshStore();
  const { device } = await readMeta(store.db, "device");
  await signOutHere(store);
  expect((await readMeta((await freshStore(store.person)).db, "device")).device).not.toBe(device);
});

test("the exported file holds every unsent mutation byte for byte, and the drafts", async () => {
  const store = await freshStore();
  await create(store, "甲");
  saveDraft(store, "visit", { notes: "談" });
  await flushDrafts(store);
  const [entry] = await store.db.outbox.toArray();
  const { name, file } = await exportOutbox(store);
  const content = JSON.parse(await file.text());
  expect(name).toMatch(/^baifang-\d{4}-\d\d-\d\d-\d\d-\d\d\.json$/);
  expect(new TextEncoder().encode(content.entries[0].line)).toEqual(entry!.line);
  expect(content).toMatchObject({ person: store.person, entries: [{ seq: 1, id: entry!.id, sha: entry!.sha }], drafts: [{ key: "visit" }] });
});

test("a newer version of the database gets in, and the draft in memory is written first", async () => {
  const store = await freshStore();
  saveDraft(store, "visit", { notes: "談" });
  const newer = indexedDB.open(databaseName(store.person), 999);
  await new Promise((resolve, reject) => Object.assign(newer, { onsuccess: resolve, onerror: reject, onupgradeneeded: null }));
  expect(store.closed).toBe(true);
  const drafts = newer.result.transaction("drafts").objectStore("drafts").getAll();
  await new Promise((resolve) => Object.assign(drafts, { onsuccess: resolve }));
  expect(drafts.result).toMatchObject([{ key: "visit", value: { notes: "談" } }]);
  newer.result.close();
});

test("a browser without IndexedDB is recognised", async () => {
  expect(canStore()).toBe(true);
  vi.stubGlobal("indexedDB", undefined);
  expect(canStore()).toBe(false);
});

test("a keystroke while the draft is being written is not lost", async () => {
  const store = await openStore(newId(), catalog);
  saveDraft(store, "visit", { notes: "談" });
  const writing = flushDrafts(store);
  saveDraft(store, "visit", { notes: "談了" });
  await writing;
  await flushDrafts(store);
  expect((await store.db.drafts.get("visit"))!.value).toEqual({ notes: "談了" });
  store.close();
});
