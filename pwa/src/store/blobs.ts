/** Photos and files on this device: kept as they are added, sent later, fetched when a screen asks (SPEC 18). */
import { shaHex } from "../sync/core/digest";
import { publishChange } from "./changes";
import type { BlobRecord } from "./db";
import { unwritten } from "./drafts";
import { EnqueueError } from "./errors";
import { readMeta } from "./meta";
import { rowsNaming, type RowName } from "./naming";
import { getRow } from "./queries";
import { isQuotaError, setFull, unlessFull } from "./storage";
import { steady } from "./steady";
import type { Store } from "./types";

/** What names a file in a row. */
export interface BlobName {
  readonly sha256: string;
  readonly media_type: string;
  readonly size: number;
}

/** Downloaded ones beyond this many go, the oldest first. */
const MOST_CACHED = 400;
/** Files of no draft go after this long; a discarded draft can be taken back for a while. */
const DRAFT_MS = 3600_000;

/** A file that could not be had may be asked for again after this long. */
const ASK_AGAIN_MS = 60_000;

const REPLACED: ReadonlySet<BlobRecord["state"]> = new Set(["draft", "wanted", "cached"]);

const tables = ({ db }: Store) => [db.blobs, db.bytes] as const;

/**
 * Keeps a file before the act that names it is saved; durable when this resolves. Throws EnqueueError `device_full`: the
 * space that is held back is for words.
 */
export async function keepBlob(store: Store, bytes: ArrayBuffer, mediaType: string): Promise<BlobName> {
  const name = { sha256: shaHex(new Uint8Array(bytes)), media_type: mediaType, size: bytes.byteLength };
  const record: BlobRecord = { ...name, state: "draft", at: Date.now(), act: "", log: 0 };
  const write = () =>
    steady(store, () =>
      store.db.transaction("rw", tables(store), async () => {
        const known = await store.db.blobs.get(name.sha256);
        // The same picture again: what is to be sent or kept already stays so.
        if (known === undefined || REPLACED.has(known.state)) await store.db.blobs.put(record);
        await store.db.bytes.put(bytes, name.sha256);
      }),
    );
  try {
    await write();
  } catch (error) {
    if (!isQuotaError(error)) throw error;
    await dropCached(store);
    await write().catch(refused);
  }
  return name;
}

function refused(error: unknown): never {
  if (!isQuotaError(error)) throw error;
  setFull(true);
  throw new EnqueueError("device_full");
}

export const bytesOf = (store: Store, sha256: string): Promise<ArrayBuffer | undefined> => steady(store, () => store.db.bytes.get(sha256));

export const blobOf = (store: Store, sha256: string): Promise<BlobRecord | undefined> => steady(store, () => store.db.blobs.get(sha256));

const asked = new WeakMap<Store, Map<string, number>>();

/** A file that nobody has, or whose row has left, is forgotten again: a screen that shows it must not ask without end. */
function isAskedJustNow(store: Store, sha256: string): boolean {
  const times = asked.get(store) ?? new Map<string, number>();
  asked.set(store, times);
  const before = times.get(sha256);
  const isJustNow = before !== undefined && Math.abs(Date.now() - before) < ASK_AGAIN_MS;
  if (!isJustNow) times.set(sha256, Date.now());
  return isJustNow;
}

/** Asks for a file that a row names; it comes when the link allows. A full device asks for nothing, and says that it is full. */
export async function wantBlob(store: Store, { sha256, media_type, size }: BlobName, row: readonly [string, string]): Promise<void> {
  if (isAskedJustNow(store, sha256)) return;
  const record: BlobRecord = { sha256, media_type, size, state: "wanted", at: Date.now(), act: "", log: 0, row };
  const note = async (): Promise<boolean> => {
    const known = await store.db.blobs.get(sha256);
    if (known === undefined) await store.db.blobs.add(record);
    return known === undefined;
  };
  await unlessFull(async () => {
    if (await steady(store, () => store.db.transaction("rw", store.db.blobs, note))) publishChange(store, { enqueued: true });
  });
}

/** What is to be sent next, the smallest first: a small picture says much on a slow link. */
export async function nextBlob(store: Store, state: "waiting" | "wanted", passed: ReadonlySet<string>): Promise<BlobRecord | null> {
  const found = await steady(store, () => store.db.blobs.where("state").equals(state).toArray());
  return found.filter(({ sha256 }) => !passed.has(sha256)).sort((a, b) => a.size - b.size)[0] ?? null;
}

/**
 * The server has all of it, at this head of its log. `epoch` is the one that it was announced in: what the server had in one that has ended
 * meanwhile it may have lost since, and the answer may come late, in a tab that was frozen. 0: nothing has told it yet, and the first page may be of
 * a server that was put back.
 */
export const blobSent = (store: Store, sha256: string, { epoch, seq }: { epoch: number; seq: number }): Promise<void> =>
  steady(store, () =>
    store.db.transaction("rw", [store.db.blobs, store.db.meta], async () => {
      if (epoch !== 0 && (await readMeta(store.db, "epoch")).epoch === epoch) await change(store, sha256, ["waiting"], { state: "sent", log: seq });
    }),
  );

/** The server will not keep it, and says why; it stays here for a person to decide. */
export const blobRefused = (store: Store, sha256: string, error: string): Promise<unknown> => change(store, sha256, ["waiting"], { state: "refused", error });

/** What named a file that the server will not keep is struck out: it goes as one of no draft does, unless something else names it, now or later. */
export async function releaseBlob(store: Store, sha256: string): Promise<void> {
  if ((await blobOf(store, sha256))?.state !== "refused") return;
  const row = await shownNaming(store, sha256);
  await change(store, sha256, ["refused"], row === undefined ? { state: "draft", at: Date.now() } : { row });
}

/** A row that names a file and is not struck out. */
async function shownNaming(store: Store, sha256: string): Promise<RowName | undefined> {
  const rows = (await steady(store, () => rowsNaming(store, new Set([sha256])))).get(sha256) ?? [];
  const isShown = await Promise.all(rows.map((row) => isNamed(store, row)));
  return rows.find((_, i) => isShown[i]);
}

/** What names these may be taken back a while: until then they are no older than now. */
export const keepForUndo = (store: Store, names: readonly string[]): Promise<unknown> =>
  steady(store, () => store.db.blobs.where("sha256").anyOf([...names]).and(({ state }) => state === "draft").modify({ at: Date.now() }));

/** It was to be sent, and its bytes are not here: whoever has them may. */
export const blobMissing = (store: Store, sha256: string): Promise<unknown> => change(store, sha256, ["waiting"], { state: "wanted" });

/** The one who has it has not finished sending it; asked again later. */
export const blobAwaited = (store: Store, sha256: string, error: string): Promise<unknown> => change(store, sha256, ["wanted"], { error });

/** A file that nobody may show any more, or that never was. */
export const forgetWanted = (store: Store, sha256: string): Promise<void> => dropBlobs(store, [sha256], ["wanted"]);

/** Keeps what was downloaded, if it is still wanted. On a full disk nothing is kept and nothing thrown: it can be fetched again. */
export async function keepDownloaded(store: Store, sha256: string, bytes: ArrayBuffer): Promise<void> {
  const write = () =>
    store.db.transaction("rw", tables(store), async () => {
      const known = await store.db.blobs.get(sha256);
      if (known?.state !== "wanted") return;
      const { error: _, ...record } = known;
      await Promise.all([store.db.bytes.put(bytes, sha256), store.db.blobs.put({ ...record, state: "cached" })]);
    });
  try {
    await steady(store, write);
  } catch (error) {
    if (!isQuotaError(error)) throw error;
    await dropCached(store);
  }
}

/** Lets go of what may be fetched again. */
export async function dropCached(store: Store): Promise<void> {
  const cached = await steady(store, () => store.db.blobs.where("state").equals("cached").primaryKeys());
  await dropBlobs(store, cached, ["cached"]);
}

/** Lets go of downloads whose row left this device, of surplus ones, and of files that no draft and no act names, or nobody can decide about. */
export async function tidyBlobs(store: Store, now: number): Promise<void> {
  await tidyFetched(store);
  await tidyRefused(store);
  await tidyDrafted(store, now - DRAFT_MS);
}

async function tidyFetched(store: Store): Promise<void> {
  const { db } = store;
  const fetched = await steady(store, () => db.blobs.where("state").anyOf("cached", "wanted").toArray());
  const rows = await steady(store, () => db.mirror.bulkGet(fetched.map(({ row }): [string, string] => [row?.[0] ?? "", row?.[1] ?? ""])));
  const absent = fetched.filter((record, i) => record.row !== undefined && rows[i] === undefined);
  // Of what parked there is no row: its author is shown what was sent, and the server shows the file to nobody yet.
  const isShown = await Promise.all(absent.map(async ({ row }) => (await getRow(store, ...row!)) !== null));
  const lost = absent.filter((_, i) => !isShown[i]);
  const kept = fetched.filter(({ state }, i) => rows[i] !== undefined && state === "cached").sort((a, b) => b.at - a.at);
  await dropBlobs(store, [...lost, ...kept.slice(MOST_CACHED)].map(({ sha256 }) => sha256), ["cached", "wanted"]);
}

/** What the server will not keep is struck out by a person, on the row that names it; where that was struck out elsewhere, or is gone, there is nothing left to do. */
async function tidyRefused(store: Store): Promise<void> {
  const refused = await steady(store, () => store.db.blobs.where("state").equals("refused").toArray());
  if (refused.length === 0 || !(await isWhole(store))) return;
  for (const { sha256, row } of refused) if (row !== undefined && !(await isNamed(store, row))) await releaseBlob(store, sha256);
}

/** Rows that are still on their way in are not gone. */
async function isWhole(store: Store): Promise<boolean> {
  const { scopes, joins } = await steady(store, () => readMeta(store.db, "scopes", "joins"));
  return scopes !== null && Object.keys(joins).length === 0;
}

async function isNamed(store: Store, [entity, pk]: RowName): Promise<boolean> {
  const row = await getRow(store, entity, pk);
  return row !== null && row.fields["voided"] !== true;
}

async function tidyDrafted(store: Store, before: number): Promise<void> {
  const { db } = store;
  const old = () => db.blobs.where("state").equals("draft").and(({ at }) => at < before).primaryKeys();
  if ((await steady(store, old)).length === 0) return;
  // Looked for anew with the drafts in one transaction: a picture may have been chosen again meanwhile.
  const tidy = async () => {
    const [drafts, found] = [JSON.stringify([await db.drafts.toArray(), unwritten(store)]), await old()];
    const gone = found.filter((sha256) => !drafts.includes(sha256));
    await Promise.all([db.blobs.bulkDelete(gone), db.bytes.bulkDelete(gone)]);
  };
  await steady(store, () => db.transaction("rw", [...tables(store), db.drafts], tidy));
}

/** Forgets files, but only those that are still in one of these states. */
export async function dropBlobs(store: Store, names: readonly string[], states: readonly BlobRecord["state"][]): Promise<void> {
  if (names.length === 0) return;
  await steady(store, () =>
    store.db.transaction("rw", tables(store), async () => {
      const records = await store.db.blobs.bulkGet([...names]);
      const gone = records.filter((record) => record !== undefined && states.includes(record.state)).map((record) => record!.sha256);
      await Promise.all([store.db.blobs.bulkDelete(gone), store.db.bytes.bulkDelete(gone)]);
    }),
  );
}

const change = (store: Store, sha256: string, from: readonly BlobRecord["state"][], patch: Partial<BlobRecord>): Promise<unknown> =>
  steady(store, () => store.db.blobs.where("sha256").equals(sha256).and(({ state }) => from.includes(state)).modify(patch));
