import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { blobOf, blobRefused, blobSent, bytesOf, dropCached, forgetWanted, keepBlob, keepDownloaded, keepForUndo, releaseBlob, tidyBlobs, wantBlob } from "./blobs";
import { saveDraft, flushDrafts } from "./drafts";
import { EnqueueError } from "./errors";
import { exportOutbox } from "./export";
import { newId } from "./ids";
import { announceAgain, forgetDurable } from "./journal";
import { unsentWork } from "./leaving";
import { readMeta, writeMeta } from "./meta";
import { toRecord } from "./mirror";
import { enqueue } from "./outbox";
import { keepReserve } from "./storage";
import { status } from "./status";
import { catalog, closeStores, freshStore, upsert } from "./testing";
import type { Fields, Store } from "./types";

const HOUR = 3600_000;

let store: Store;

beforeEach(async () => {
  store = await freshStore();
  await writeMeta(store.db, { epoch: 1 });
});
afterEach(() => {
  closeStores();
  vi.restoreAllMocks();
});

const bytes = (seed: number): ArrayBuffer => new Uint8Array([seed, 2, 3]).buffer;
const stateOf = async (sha256: string) => (await blobOf(store, sha256))?.state;

async function taken(seed: number): Promise<string> {
  const { sha256 } = await keepBlob(store, bytes(seed), "image/jpeg");
  await enqueue(store, [{ entity: "photo", pk: newId(), op: "create", fields: { customer_id: newId(), sha256 } }]);
  return sha256;
}

test("a file is kept until a backup holds it, and may go then", async () => {
  const sha256 = await taken(1);
  await blobSent(store, sha256, { epoch: 1, seq: 7 });
  await forgetDurable(store.db, 7);
  expect(await stateOf(sha256)).toBe("sent");
  await forgetDurable(store.db, 8);
  expect(await stateOf(sha256)).toBe("cached");
});

test("in another epoch what was complete is announced again", async () => {
  const sha256 = await taken(1);
  await blobSent(store, sha256, { epoch: 1, seq: 7 });
  await announceAgain(store.db);
  expect(await stateOf(sha256)).toBe("waiting");
});

test("before anything has told the epoch nothing is taken for complete", async () => {
  const sha256 = await taken(1);
  await writeMeta(store.db, { epoch: 0 });
  await blobSent(store, sha256, { epoch: 0, seq: 7 });
  expect(await stateOf(sha256)).toBe("waiting");
});

test("an answer that comes after the epoch has ended takes no file for complete", async () => {
  const sha256 = await taken(1);
  await writeMeta(store.db, { epoch: 2 });
  await blobSent(store, sha256, { epoch: 1, seq: 7 });
  expect(await stateOf(sha256)).toBe("waiting");
  await blobSent(store, sha256, { epoch: 2, seq: 7 });
  expect(await stateOf(sha256)).toBe("sent");
});

test("an act that cannot be written names no file", async () => {
  const { sha256 } = await keepBlob(store, bytes(1), "image/jpeg");
  vi.spyOn(store.db.outbox, "bulkAdd").mockRejectedValue(new Error("killed"));
  await expect(enqueue(store, [{ entity: "photo", pk: newId(), op: "create", fields: { customer_id: newId(), sha256 } }])).rejects.toThrow("killed");
  expect(await stateOf(sha256)).toBe("draft");
});

test("on a full disk what was fetched goes first, and a file that still does not fit says so", async () => {
  await wantBlob(store, { sha256: "a", media_type: "image/jpeg", size: 3 }, ["photo", "p"]);
  await keepDownloaded(store, "a", bytes(9));
  const put = store.db.bytes.put.bind(store.db.bytes);
  const full = () => Promise.reject(Object.assign(new Error("full"), { name: "QuotaExceededError" })) as unknown as ReturnType<typeof put>;
  const spy = vi.spyOn(store.db.bytes, "put").mockImplementationOnce(full);
  const { sha256 } = await keepBlob(store, bytes(1), "image/jpeg");
  expect([await stateOf(sha256), await stateOf("a")]).toEqual(["draft", undefined]);
  spy.mockImplementation(full);
  await expect(keepBlob(store, bytes(2), "image/jpeg")).rejects.toThrow(EnqueueError);
  expect(await stateOf(sha256)).toBe("draft");
});

test("files that neither a draft nor an act names go after a while", async () => {
  const [left, held] = [await keepBlob(store, bytes(1), "image/jpeg"), await keepBlob(store, bytes(2), "image/jpeg")];
  const named = await taken(3);
  saveDraft(store, "log:c", { photos: [{ sha256: held.sha256 }] });
  await flushDrafts(store);
  await tidyBlobs(store, Date.now());
  expect(await stateOf(left.sha256)).toBe("draft");
  await tidyBlobs(store, Date.now() + 2 * HOUR);
  expect([await stateOf(left.sha256), await stateOf(held.sha256), await stateOf(named)]).toEqual([undefined, "draft", "waiting"]);
  expect(await bytesOf(store, left.sha256)).toBeUndefined();
});

test("a photo never takes the space that is held back for words", async () => {
  await keepReserve(store);
  const full = () => Promise.reject(Object.assign(new Error("full"), { name: "QuotaExceededError" }));
  vi.spyOn(store.db.bytes, "put").mockImplementation(full as never);
  await expect(keepBlob(store, bytes(1), "image/jpeg")).rejects.toMatchObject({ code: "device_full" });
  expect((await readMeta(store.db, "reserve")).reserve).not.toBeNull();
});

test("naming a file that is only asked for leaves it so: nothing is here that could be sent", async () => {
  const name = { sha256: "a", media_type: "image/jpeg", size: 3 };
  await wantBlob(store, name, ["photo", "p"]);
  await enqueue(store, [{ entity: "photo", pk: newId(), op: "create", fields: { customer_id: newId(), sha256: "a" } }]);
  await store.db.outbox.clear();
  expect([await stateOf("a"), (await unsentWork(store)).acts]).toEqual(["wanted", 0]);
});

test("a picture that is chosen again, and one whose draft may yet be taken back, are kept as if new", async () => {
  const [again, undone] = [await keepBlob(store, bytes(1), "image/jpeg"), await keepBlob(store, bytes(2), "image/jpeg")];
  await store.db.blobs.toCollection().modify({ at: Date.now() - 2 * HOUR });
  await keepBlob(store, bytes(1), "image/jpeg");
  await keepForUndo(store, [undone.sha256]);
  await tidyBlobs(store, Date.now());
  expect([await stateOf(again.sha256), await stateOf(undone.sha256)]).toEqual(["draft", "draft"]);
});

test("bytes that came for a file which nobody asks for any more do not stay", async () => {
  await keepDownloaded(store, "left", bytes(1));
  expect(await bytesOf(store, "left")).toBeUndefined();
});

test("letting go of what was fetched never touches what is this device's own", async () => {
  const [waiting, sent] = [await taken(1), await taken(2)];
  await blobSent(store, sent, { epoch: 1, seq: 1 });
  await dropCached(store);
  expect([await stateOf(waiting), await stateOf(sent)]).toEqual(["waiting", "sent"]);
});

test("the exported outbox holds the bytes of what is not sent", async () => {
  const sha256 = await taken(65);
  const content = JSON.parse(await (await exportOutbox(store)).file.text()) as { files: unknown };
  expect(content.files).toEqual([{ sha256, media_type: "image/jpeg", base64: btoa("A\u0002\u0003") }]);
});

test("the exported outbox holds the photos of drafts, and none that were taken out", async () => {
  const [held] = [await keepBlob(store, bytes(66), "image/jpeg"), await keepBlob(store, bytes(67), "image/jpeg")];
  saveDraft(store, "log:c", { photos: [{ sha256: held.sha256 }] });
  await flushDrafts(store);
  const content = JSON.parse(await (await exportOutbox(store)).file.text()) as { drafts: unknown[]; files: { sha256: string }[] };
  expect(content.drafts).toHaveLength(1);
  expect(content.files.map(({ sha256 }) => sha256)).toEqual([held.sha256]);
});

test("a file that nobody has is not asked for without end by the screen that shows it", async () => {
  const name = { sha256: "a", media_type: "image/jpeg", size: 3 };
  const look = async () => {
    await wantBlob(store, name, ["photo", "p"]);
    return stateOf("a");
  };
  expect(await look()).toBe("wanted");
  await forgetWanted(store, "a");
  expect(await look()).toBeUndefined();
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + HOUR);
  expect(await look()).toBe("wanted");
});

test("a full device asks for no file, and says that it is full", async () => {
  vi.spyOn(store.db.blobs, "add").mockImplementation(() => Promise.reject(Object.assign(new Error("full"), { name: "QuotaExceededError" })) as never);
  await wantBlob(store, { sha256: "a", media_type: "image/jpeg", size: 3 }, ["photo", "p"]);
  expect([await stateOf("a"), status.value.storage.full]).toEqual([undefined, true]);
});

test("a refused file bars the sign-out until its row is struck out elsewhere or gone, and not while rows are on their way in", async () => {
  const photos = await Promise.all([1, 2, 3].map(async (seed) => ({ pk: newId(), ...(await keepBlob(store, bytes(seed), "image/jpeg")) })));
  for (const { pk, sha256 } of photos) {
    await enqueue(store, [{ entity: "photo", pk, op: "create", fields: { customer_id: newId(), sha256 } }]);
    await blobRefused(store, sha256, "blob_refused");
  }
  const [voided, here, gone] = photos as [(typeof photos)[0], (typeof photos)[0], (typeof photos)[0]];
  const serve = (pk: string, fields: Fields) => store.db.mirror.put(toRecord(catalog, upsert("photo", pk, fields), 0));
  await store.db.outbox.clear();
  await Promise.all([serve(voided.pk, { voided: true }), serve(here.pk, {})]);

  await tidyBlobs(store, Date.now());
  expect((await unsentWork(store)).acts).toBe(3);
  await writeMeta(store.db, { scopes: ["territory:t"] });
  await tidyBlobs(store, Date.now());
  expect(await Promise.all([voided, here, gone].map(({ sha256 }) => stateOf(sha256)))).toEqual(["draft", "refused", "draft"]);
  expect((await unsentWork(store)).acts).toBe(1);
});

test("a refused file that two rows name bars the sign-out until both are struck out", async () => {
  const { sha256 } = await keepBlob(store, bytes(1), "image/jpeg");
  const photos = [newId(), newId()];
  for (const pk of photos) await enqueue(store, [{ entity: "photo", pk, op: "create", fields: { customer_id: newId(), sha256 } }]);
  await blobRefused(store, sha256, "blob_refused");
  for (const [i, state] of ["refused", "draft"].entries()) {
    await enqueue(store, [{ entity: "photo", pk: photos[1 - i]!, op: "void" }]);
    await releaseBlob(store, sha256);
    expect(await stateOf(sha256)).toBe(state);
  }
});

test("what a backup holds of a parked act's photo stays while its author is shown it, and goes when that is dismissed", async () => {
  const sha256 = await taken(1);
  const { id, pk, line } = (await store.db.outbox.toArray()).find(({ entity }) => entity === "photo")!;
  const parked = (state: string) => toRecord(catalog, upsert("parked", id, {
    mutation_id: id, mutation: new TextDecoder().decode(line), code: "missing_parent", state, entity: "photo", row_pk: pk,
  }, [1, 1], `person:${store.person}`), 0);
  await Promise.all([store.db.outbox.clear(), store.db.mirror.put(parked("open")), blobSent(store, sha256, { epoch: 1, seq: 1 })]);
  await forgetDurable(store.db, 2);
  await tidyBlobs(store, Date.now());
  expect(await stateOf(sha256)).toBe("cached");
  await store.db.mirror.put(parked("dismissed"));
  await tidyBlobs(store, Date.now());
  expect(await stateOf(sha256)).toBeUndefined();
});
