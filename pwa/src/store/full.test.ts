/** A device without any room: nothing breaks, what is typed stays, the reason is said, and once there is room it is written. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { blobOf, keepBlob, tidyBlobs, wantBlob } from "./blobs";
import { guardDrafts, listDrafts, loadDraft, saveDraft, tryFlush } from "./drafts";
import { exportOutbox } from "./export";
import { newId } from "./ids";
import { signOutHere, switchPerson } from "./leaving";
import { toRecord } from "./mirror";
import { enqueue } from "./outbox";
import { currentPerson, keepPeople, recallPeople, rememberPerson } from "./people";
import { keepReady, readMark, readReady } from "./ready";
import { INITIAL_STATUS, setStatus, status } from "./status";
import { keepReserve } from "./storage";
import { catalog, closeStores, freshStore, upsert } from "./testing";
import type { Store } from "./types";

let store: Store;

beforeEach(async () => {
  setStatus(INITIAL_STATUS);
  const memory = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
    removeItem: (key: string) => memory.delete(key),
  });
  store = await freshStore();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  closeStores();
});

/** Every write is refused from now on, as by a browser that has no more space for this app. */
function fill(): void {
  const refuse = (): never => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(refuse);
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(refuse);
}

const drafts = () => store.db.drafts.toArray();

test("what is typed stays in memory, is listed as a draft, and is written once there is room", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  fill();
  saveDraft(store, "log:1", { notes: "還在" });
  await vi.advanceTimersByTimeAsync(250);
  vi.useRealTimers();
  await vi.waitFor(() => expect(status.value.storage.full).toBe(true));
  expect([await loadDraft(store, "log:1"), (await listDrafts(store)).map(({ value }) => value)]).toEqual([{ notes: "還在" }, [{ notes: "還在" }]]);
  vi.restoreAllMocks();
  await tryFlush(store);
  expect(await drafts()).toMatchObject([{ key: "log:1", value: { notes: "還在" } }]);
});

test("it is tried again by itself", async () => {
  fill();
  saveDraft(store, "log:1", { notes: "還在" });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await tryFlush(store);
  vi.restoreAllMocks();
  vi.advanceTimersByTime(5000);
  vi.useRealTimers();
  await vi.waitFor(async () => expect(await drafts()).toHaveLength(1));
});

test("a page that is put aside with no connection left leaves without a fault", () => {
  const heard = new Map<string, () => void>();
  vi.stubGlobal("document", { addEventListener: () => undefined });
  vi.stubGlobal("addEventListener", (kind: string, listener: () => void) => heard.set(kind, listener));
  guardDrafts(store);
  saveDraft(store, "log:1", { notes: "還在" });
  store.db.backendDB().close();
  heard.get("pagehide")!();
});

test("who signed in is still known to this page, and looking for an older copy harms nothing", async () => {
  fill();
  rememberPerson({ id: store.person, name: "林", role: "rep", loginName: "lin", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });
  await keepPeople();
  await recallPeople();
  expect([currentPerson()?.id, status.value.storage.full]).toEqual([store.person, true]);
});

test("what may be left out is left out, what a person wants kept is refused with the reason", async () => {
  const mark = await readMark(store);
  fill();
  await keepReady(store, mark, { a: 1 });
  await keepReserve(store);
  await wantBlob(store, { sha256: "a", media_type: "image/jpeg", size: 1 }, ["photo", "p"]);
  expect([await readReady(store), status.value.storage.full]).toEqual([null, true]);
  const refused = { code: "device_full" };
  await expect(keepBlob(store, new ArrayBuffer(1), "image/jpeg")).rejects.toMatchObject(refused);
  await expect(enqueue(store, [{ entity: "customer", pk: newId(), op: "create", fields: { name: "a" } }])).rejects.toMatchObject(refused);
});

test("a draft that only memory has room for bars the sign-out, and is part of the exported file", async () => {
  fill();
  saveDraft(store, "log:1", { notes: "還在" });
  await expect(signOutHere(store)).rejects.toMatchObject({ unsent: { acts: 0, drafts: 1 } });
  const content = JSON.parse(await (await exportOutbox(store)).file.text()) as { drafts: unknown };
  expect(content.drafts).toMatchObject([{ key: "log:1", value: { notes: "還在" } }]);
});

test("who gives way to another leaves such a draft on the disk, in the room that the mirror gives back", async () => {
  await store.db.mirror.put(toRecord(catalog, upsert("customer", newId(), { name: "甲" }), 0));
  fill();
  const clear = store.db.mirror.clear.bind(store.db.mirror);
  vi.spyOn(store.db.mirror, "clear").mockImplementation(() => {
    vi.restoreAllMocks();
    return clear();
  });
  saveDraft(store, "log:1", { notes: "還在" });
  await switchPerson(store);
  expect(await loadDraft(await freshStore(store.person), "log:1")).toEqual({ notes: "還在" });
});

test("the photos of such a draft stay, however old", async () => {
  const { sha256 } = await keepBlob(store, new ArrayBuffer(1), "image/jpeg");
  fill();
  saveDraft(store, "log:1", { photos: [{ sha256 }] });
  await tidyBlobs(store, Date.now() + 2 * 3600_000);
  expect((await blobOf(store, sha256))?.state).toBe("draft");
});
