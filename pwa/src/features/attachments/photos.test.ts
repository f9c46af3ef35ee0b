/** Photos beside a contact: written with it, refused without it, struck out and brought back, in the order they were taken. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { blobOf, bytesOf, keepBlob, tidyBlobs } from "../../store/blobs";
import { getChildren, makeCatalog, newId, openStore, waitingItems, type Store } from "../../store";
import { emptyForm, isTouched } from "../interactions/model";
import { saveLog } from "../interactions/save-log";
import { keepAdded, strikeOut } from "./commands";
import { byInteraction, fitted, photoOf, thumbOf, wholeOf, type AddedPhoto } from "./model";

let store: Store;

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
});
afterEach(() => store.close());

async function added(seed: number, takenAt = seed): Promise<AddedPhoto> {
  const whole = await keepBlob(store, new Uint8Array([seed, 1]).buffer, "image/jpeg");
  const thumb = await keepBlob(store, new Uint8Array([seed, 2]).buffer, "image/jpeg");
  return { sha256: whole.sha256, thumbSha256: thumb.sha256, mediaType: "image/jpeg", size: 2, width: 4, height: 3, takenAt };
}

const rows = (customerId: string) => getChildren(store, "attachment", customerId);

test("a saved visit names its photos, which are to be sent from then on; undo strikes all of it out", async () => {
  const customerId = newId();
  const [second, first] = [await added(2), await added(1)];
  const form = { ...emptyForm("visit", null, 0), photos: [second, first] };
  expect(isTouched(form)).toBe(true);
  const undo = await saveLog(store, form, customerId, null);
  const [log] = await getChildren(store, "interaction", customerId);
  const photos = byInteraction(await rows(customerId)).get(log!.pk)!;
  expect(photos.map(({ sha256 }) => sha256)).toEqual([first.sha256, second.sha256]);
  expect([(await blobOf(store, first.sha256))?.state, (await blobOf(store, first.thumbSha256))?.state]).toEqual(["waiting", "waiting"]);
  await undo();
  expect(byInteraction(await rows(customerId)).size).toBe(0);
  expect((await waitingItems(store)).map(({ op }) => op)).toEqual(["create", "create", "create", "void", "void", "void"]);
});

test("a draft that was discarded after hours comes back with its photos", async () => {
  const [photo, other] = [await added(1), await added(2)];
  await store.db.blobs.toCollection().modify({ at: Date.now() - 7_200_000 });
  await keepAdded(store, [photo], []);
  await tidyBlobs(store, Date.now());
  const left = await Promise.all([photo.sha256, photo.thumbSha256, other.sha256].map((sha256) => bytesOf(store, sha256)));
  expect(left.map((bytes) => bytes !== undefined)).toEqual([true, true, false]);
});

test("a photo that is struck out goes from the screen and, if the server would not keep it, is unsent no more; undo brings it back", async () => {
  const customerId = newId();
  const photo = await added(1);
  await saveLog(store, { ...emptyForm("visit", null, 0), photos: [photo] }, customerId, null);
  await store.db.blobs.update(photo.sha256, { state: "refused" });
  const undo = await strikeOut(store, photoOf((await rows(customerId))[0]!));
  expect(byInteraction(await rows(customerId)).size).toBe(0);
  expect((await blobOf(store, photo.sha256))?.state).toBe("draft");
  await undo();
  expect((await blobOf(store, photo.sha256))?.state).toBe("waiting");
  expect([...byInteraction(await rows(customerId)).values()].flat().map(({ sha256 }) => sha256)).toEqual([photo.sha256]);
});

test("a draft of before photos opens without any", () => {
  const { photos: _, ...old } = emptyForm("call", null, 1);
  expect({ ...emptyForm("visit", null, 2), ...old }.photos).toEqual([]);
});

test("a picture fits whole into its frame and is never enlarged", () => {
  expect([fitted(4000, 3000, 1600), fitted(3000, 4000, 1600), fitted(10, 20, 1600), fitted(9000, 1, 300)]).toEqual([
    { width: 1600, height: 1200 }, { width: 1200, height: 1600 }, { width: 10, height: 20 }, { width: 300, height: 1 },
  ]);
});

test("a photo whose file the browser took away is not promised to the company", async () => {
  const [customerId, here, lost] = [newId(), await added(1), await added(2)];
  await Promise.all([store.db.blobs.delete(lost.sha256), store.db.bytes.delete(lost.sha256)]);
  await saveLog(store, { ...emptyForm("visit", null, 0), photos: [here, lost] }, customerId, null);
  expect([...byInteraction(await rows(customerId)).values()].flat().map(({ sha256 }) => sha256)).toEqual([here.sha256]);
});

test("a photo without a small picture shows itself", async () => {
  const photo = { ...(await added(1)), thumbSha256: "" };
  expect(thumbOf(photo)).toEqual(wholeOf(photo));
});
