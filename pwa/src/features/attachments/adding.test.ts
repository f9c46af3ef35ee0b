/** Photos on their way: one at a time, waited for by what ends their form, and taken in although its sheet was closed. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { loadDraft, makeCatalog, newId, openStore, saveDraft, type Store } from "../../store";
import { emptyForm, type LogForm } from "../interactions/model";
import { takePhoto } from "../interactions/use-log-form";
import { switchPerson, unsentWork } from "../../store/leaving";
import { status } from "../../store/status";
import { addPhotos, allAdded, countAdding } from "./adding";
import type { AddedPhoto } from "./model";
import { shrink, UnreadablePhoto, type Shrunk } from "./shrink";

vi.mock("./shrink", async (original) => ({ ...(await original<object>()), shrink: vi.fn() }));

let store: Store;
let taken: AddedPhoto[];
/** What the browser is at, to be let go or to fail. */
let working: { done: () => void; fail: () => void }[];
let page: EventTarget;
let seed = 0;

const form = { key: "log:c", take: async (photo: AddedPhoto) => void taken.push(photo) };
const files = (count: number) => Array.from({ length: count }, (_, i) => new File([], `${i}.jpg`, { lastModified: i }));
const isBusy = (count: number) => vi.waitFor(() => expect(working).toHaveLength(count));

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
  [taken, working] = [[], []];
  page = new EventTarget();
  vi.stubGlobal("document", Object.assign(page, { visibilityState: "visible" }));
  for (const name of ["addEventListener", "removeEventListener"] as const) vi.stubGlobal(name, page[name].bind(page));
  vi.mocked(shrink).mockImplementation(slowly);
});

const slowly = () =>
  new Promise<Shrunk>((resolve, reject) => {
    const bytes = (n: number) => new Uint8Array([++seed, n]).buffer;
    working.push({ done: () => resolve({ whole: bytes(1), thumb: bytes(2), width: 4, height: 3 }), fail: () => reject(new UnreadablePhoto("decode")) });
  });
afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("several are made small one after the other, in the order in which they were chosen", async () => {
  const adding = addPhotos(store, form, files(3));
  for (const count of [1, 2, 3]) {
    await isBusy(count);
    expect(countAdding(store, form.key)).toBe(4 - count);
    working.at(-1)!.done();
  }
  await adding;
  expect(taken.map(({ takenAt }) => takenAt)).toEqual([0, 1, 2]);
});

test("what ends the form waits for all of its own, also for those chosen while it waits", async () => {
  void addPhotos(store, form, files(1));
  await isBusy(1);
  expect(await allAdded(store, "log:another")).toBe(true);
  let isOver = false;
  const over = allAdded(store, form.key).then((isWhole) => { isOver = true; return isWhole; });
  void addPhotos(store, form, files(1));
  working[0]!.done();
  await isBusy(2);
  expect(isOver).toBe(false);
  working[1]!.done();
  expect(await over).toBe(true);
  expect([taken.length, countAdding(store, form.key)]).toEqual([2, 0]);
});

test("one that cannot be read is told, and holds up no other", async () => {
  const adding = addPhotos(store, form, files(2));
  const whole = allAdded(store, form.key);
  const told = expect(adding).rejects.toThrow(UnreadablePhoto);
  await isBusy(1);
  working[0]!.fail();
  await isBusy(2);
  working[1]!.done();
  await told;
  expect([await whole, taken.length, await allAdded(store, form.key)]).toEqual([false, 1, true]);
});

/** As browsers do it, for tabs that can be killed. */
class Locks {
  readonly held = new Set<string>();

  async request(name: string, ...[options, act]: unknown[]): Promise<unknown> {
    const work = (act ?? options) as (lock: object | null) => Promise<unknown>;
    if (this.held.has(name)) return work(null);
    this.held.add(name);
    return work({}).finally(() => this.held.delete(name));
  }
}

/** The app as a page has loaded it: one that is killed leaves nothing behind but the store. */
async function loadPage() {
  vi.resetModules();
  const shrinking = await import("./shrink");
  vi.mocked(shrinking.shrink).mockImplementation(slowly);
  return { ...(await import("./adding")), ...shrinking };
}

const picture = () => new File([new Uint8Array([7, 7, 7])], "original.heic", { type: "image/heic", lastModified: 5 });
const originals = () => store.db.picked.toArray();
const quota = () => Promise.reject(Object.assign(new Error("full"), { name: "QuotaExceededError" })) as never;

test("what a killed page was making small is in its form after the next start, once, and no other tab takes it before", async () => {
  const locks = new Locks();
  vi.stubGlobal("navigator", { locks });
  void (await loadPage()).addPhotos(store, form, [picture()]);
  await isBusy(1);
  const [kept] = await originals();
  expect([kept!.key, [...new Uint8Array(kept!.bytes)]]).toEqual(["log:c", [7, 7, 7]]);
  const next = await loadPage();
  await next.addLeft(store, () => form);
  expect([working.length, (await originals()).length]).toEqual([1, 1]);

  locks.held.clear();
  const resumed = next.addLeft(store, () => form);
  await isBusy(2);
  expect(next.countAdding(store, form.key)).toBe(1);
  expect(vi.mocked(next.shrink).mock.calls[0]![0]).toMatchObject({ size: 3, type: "image/heic" });
  working[1]!.done();
  await resumed;
  expect([taken.map(({ takenAt }) => takenAt), await originals()]).toEqual([[5], []]);
  await next.addLeft(store, () => form);
  expect(working.length).toBe(2);
});

test("the original stays until the draft with the small one is on the disk, and bars the sign-out like a draft meanwhile", async () => {
  const take = async () => saveDraft(store, form.key, { photos: ["small"] });
  const adding = addPhotos(store, { ...form, take }, [picture()]);
  expect((await unsentWork(store)).drafts).toBe(1);
  await isBusy(1);
  expect([(await originals()).length, (await unsentWork(store)).drafts]).toEqual([1, 1]);
  const drop = vi.spyOn(store.db.picked, "delete");
  const written = vi.spyOn(store.db.drafts, "bulkPut");
  working[0]!.done();
  await adding;
  expect(written.mock.invocationCallOrder[0]).toBeLessThan(drop.mock.invocationCallOrder[0]!);
  expect([await originals(), (await unsentWork(store)).drafts]).toEqual([[], 1]);
});

test("one that ends every page that opens it is given up after a while, and that is said", async () => {
  const locks = new Locks();
  vi.stubGlobal("navigator", { locks });
  void (await loadPage()).addPhotos(store, form, [picture()]);
  await isBusy(1);
  for (const killed of [2, 3]) {
    locks.held.clear();
    void (await loadPage()).addLeft(store, () => form);
    await isBusy(killed);
  }
  locks.held.clear();
  const last = await loadPage();
  expect(await last.addLeft(store, () => form)).toEqual([expect.any(last.UnreadablePhoto)]);
  expect([working.length, await originals()]).toEqual([3, []]);
});

test("what the person, or a fault, ended before it was small is never given up for that", async () => {
  const locks = new Locks();
  vi.stubGlobal("navigator", { locks });
  void (await loadPage()).addPhotos(store, form, [picture()]);
  await isBusy(1);
  const hide = () => {
    Object.assign(page, { visibilityState: "hidden" });
    page.dispatchEvent(new Event("visibilitychange"));
  };
  const leave = [() => void page.dispatchEvent(new Event("pagehide")), hide];
  for (const [i, end] of [...leave, ...leave].entries()) {
    locks.held.clear();
    Object.assign(page, { visibilityState: "visible" });
    void (await loadPage()).addLeft(store, () => form);
    await isBusy(i + 2);
    end();
  }
  const { person } = store;
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  for (const busy of [6, 7, 8]) {
    locks.held.clear();
    void (await loadPage()).addLeft(store, () => form);
    await isBusy(busy);
    await (await import("../../store/leaving")).switchPerson(store);
    store = await openStore(person, makeCatalog(catalogue));
  }
  locks.held.clear();
  for (const error of [1, 2, 3].map((n) => new Error(`fault ${n}`))) {
    locks.held.clear();
    const next = await loadPage();
    vi.mocked(next.shrink).mockRejectedValueOnce(error);
    expect(await next.addLeft(store, () => form)).toEqual([error]);
  }
  const resumed = (await loadPage()).addLeft(store, () => form);
  await isBusy(9);
  working[8]!.done();
  expect([await resumed, taken.length]).toEqual([[], 1]);
});

test("whoever changes the person leaves the original for their return; where there was no room for it, they are told to wait", async () => {
  const { person } = store;
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  const put = vi.spyOn(store.db.picked, "put").mockImplementationOnce(quota);
  const adding = addPhotos(store, form, [picture()]);
  await isBusy(1);
  await expect(switchPerson(store)).rejects.toThrow("device_full");
  working[0]!.done();
  await adding;
  expect([taken.length, await originals()]).toEqual([1, []]);

  put.mockRestore();
  const lost = addPhotos(store, form, [picture()]).catch((error: unknown) => error);
  await isBusy(2);
  await switchPerson(store);
  working[1]!.done();
  expect(await lost).toBeInstanceOf(Error);
  store = await openStore(person, makeCatalog(catalogue));
  expect((await originals()).length).toBe(1);
});

test("all that a killed page left are waited for from the start, by what ends their form", async () => {
  const locks = new Locks();
  vi.stubGlobal("navigator", { locks });
  void (await loadPage()).addPhotos(store, form, [picture(), picture()]);
  await isBusy(1);
  await vi.waitFor(async () => expect(await originals()).toHaveLength(2));
  locks.held.clear();
  const next = await loadPage();
  const resumed = next.addLeft(store, () => form);
  await isBusy(2);
  expect([next.countAdding(store, form.key), next.countAdding(store, "log:another")]).toEqual([2, 0]);
  const takenAtEnd = next.allAdded(store, form.key).then(() => taken.length);
  working[1]!.done();
  await isBusy(3);
  working[2]!.done();
  expect([await takenAtEnd, await resumed]).toEqual([2, []]);
});

test("each reason why left ones are not taken in is told once, whichever came first", async () => {
  const locks = new Locks();
  vi.stubGlobal("navigator", { locks });
  void (await loadPage()).addPhotos(store, form, [picture(), picture(), picture(), picture()]);
  await isBusy(1);
  await vi.waitFor(async () => expect(await originals()).toHaveLength(4));
  locks.held.clear();
  const next = await loadPage();
  const damaged = () => Promise.reject(new Error("damaged"));
  vi.mocked(next.shrink).mockImplementationOnce(damaged).mockImplementationOnce(() => Promise.reject(new next.UnreadablePhoto("decode"))).mockImplementationOnce(damaged);
  const resumed = next.addLeft(store, () => form);
  await isBusy(2);
  working[1]!.done();
  expect(await resumed).toEqual([new Error("damaged"), expect.any(next.UnreadablePhoto)]);
});

test("where no lock can be had, the photo is taken in all the same, and nobody waits for ever", async () => {
  vi.stubGlobal("navigator", { locks: { request: () => Promise.reject(new DOMException("the page is going", "InvalidStateError")) } });
  const adding = addPhotos(store, form, [picture()]);
  await isBusy(1);
  await expect(switchPerson(store)).rejects.toThrow("the page is going");
  working[0]!.done();
  await adding;
  expect([taken.length, await allAdded(store, form.key)]).toEqual([1, true]);
});

/** What writes has no room until an original has gone. */
function fillUntilDropped(): { full: () => never | null } {
  let isFull = true;
  const drop = store.db.picked.delete.bind(store.db.picked);
  vi.spyOn(store.db.picked, "delete").mockImplementation(((id: string) => ((isFull = false), drop(id))) as never);
  return { full: () => (isFull ? quota() : null) };
}

test("where the original takes the room that its small one needs, it gives way, and the device is full no more", async () => {
  const bytesPut = store.db.bytes.put.bind(store.db.bytes);
  const { full } = fillUntilDropped();
  vi.spyOn(store.db.bytes, "put").mockImplementation(((...args: Parameters<typeof bytesPut>) => full() ?? bytesPut(...args)) as never);
  const adding = addPhotos(store, form, [picture()]);
  await isBusy(1);
  working[0]!.done();
  await adding;
  expect([taken.length, status.value.storage.full]).toEqual([1, false]);
});

test("where it takes the room that the draft needs, the draft is on the disk at once when it has given way", async () => {
  const bulkPut = store.db.drafts.bulkPut.bind(store.db.drafts);
  const { full } = fillUntilDropped();
  vi.spyOn(store.db.drafts, "bulkPut").mockImplementation(((drafts: never) => full() ?? bulkPut(drafts)) as never);
  const adding = addPhotos(store, { ...form, take: async () => saveDraft(store, form.key, { photos: ["small"] }) }, [picture()]);
  await isBusy(1);
  working[0]!.done();
  await adding;
  expect([await store.db.drafts.toArray(), status.value.storage.full]).toEqual([[expect.objectContaining({ value: { photos: ["small"] } })], false]);
});

const photo = (sha256: string): AddedPhoto => ({ sha256, thumbSha256: "", mediaType: "image/jpeg", size: 1, width: 1, height: 1, takenAt: 1 });
const draftOf = async (customerId: string) => (await loadDraft(store, `log:${customerId}`)) as LogForm | null;

test("a photo that is ready after its sheet was closed goes into the draft, beside what was typed", async () => {
  saveDraft(store, "log:c", { ...emptyForm("call", null, 0), notes: "談" } as never);
  await takePhoto(store, "c", "call", photo("a"));
  await takePhoto(store, "c", "call", photo("b"));
  await takePhoto(store, "c", "call", photo("a"));
  const draft = await draftOf("c");
  expect([draft?.channel, draft?.notes, draft?.photos.map(({ sha256 }) => sha256)]).toEqual(["call", "談", ["b", "a"]]);
});

test("one that was all that the closed sheet held begins a draft of the channel", async () => {
  await takePhoto(store, "c", "call", photo("a"));
  expect(await draftOf("c")).toMatchObject({ channel: "call", photos: [{ sha256: "a" }] });
});

test("a draft that changes while it is read is read as it is by then", async () => {
  const reading = loadDraft(store, "log:c");
  saveDraft(store, "log:c", { notes: "新" });
  expect(await reading).toEqual({ notes: "新" });
});
