/** Photos on their way: one at a time, waited for by what ends their form, and taken in although its sheet was closed. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { loadDraft, makeCatalog, newId, openStore, saveDraft, type Store } from "../../store";
import { emptyForm, type LogForm } from "../interactions/model";
import { takePhoto } from "../interactions/use-log-form";
import { addPhotos, allAdded, countAdding } from "./adding";
import type { AddedPhoto } from "./model";
import { shrink, UnreadablePhoto, type Shrunk } from "./shrink";

vi.mock("./shrink", async (original) => ({ ...(await original<object>()), shrink: vi.fn() }));

let store: Store;
let taken: AddedPhoto[];
/** What the browser is at, to be let go or to fail. */
let working: { done: () => void; fail: () => void }[];
let seed = 0;

const form = { key: "log:c", take: async (photo: AddedPhoto) => void taken.push(photo) };
const files = (count: number) => Array.from({ length: count }, (_, i) => new File([], `${i}.jpg`, { lastModified: i }));
const isBusy = (count: number) => vi.waitFor(() => expect(working).toHaveLength(count));

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
  [taken, working] = [[], []];
  vi.mocked(shrink).mockImplementation(
    () => new Promise<Shrunk>((resolve, reject) => {
      const bytes = (n: number) => new Uint8Array([++seed, n]).buffer;
      working.push({ done: () => resolve({ whole: bytes(1), thumb: bytes(2), width: 4, height: 3 }), fail: () => reject(new UnreadablePhoto("decode")) });
    }),
  );
});
afterEach(() => store.close());

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
