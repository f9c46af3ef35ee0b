/** Writes a person's act down: one strict transaction that numbers, stamps and keeps it for ever as it is (SPEC 15.1). */
import { stamped } from "../sync/core/clock";
import { shaHex } from "../sync/core/digest";
import { blobsNamed } from "../sync/core/policy";
import { type Mutation, MutationError, checkTxn, encode } from "../sync/core/mutation";
import { publishChange } from "./changes";
import { readClocks } from "./clock";
import type { BlobRecord, Database, OutboxRecord } from "./db";
import { endingDraft } from "./drafts";
import { claimed } from "./editing";
import { newId } from "./ids";
import { inverseOf } from "./inverse";
import { type Meta, readMeta, writeMeta } from "./meta";
import { type Prepared, prepare } from "./prepare";
import { withReserve } from "./storage";
import { steady } from "./steady";
import { EnqueueError, type EnqueueCode } from "./errors";
import type { Change, Enqueued, Store } from "./types";
import { countWritten, type Numbered } from "./written";

/** What the server applies whole or parks whole. */
interface Txn {
  readonly id: string;
  readonly changes: readonly Prepared[];
}

/** `draft`: the key of the draft that this act finishes; it goes in the same transaction. */
export interface EnqueueOptions {
  readonly draft?: string;
}

/** An act of one txn: the changes make sense only together. Else as `enqueueAll`. */
export const enqueue = (store: Store, changes: readonly Change[], options: EnqueueOptions = {}): Promise<Enqueued> =>
  enqueueAll(store, [changes], options);

/**
 * Writes one act: all of its txns or, when it throws EnqueueError, none of them; the draft stays then. The server takes
 * each txn by itself, so that what it refuses of one holds no other back. Changes that differ in nothing are left out.
 */
export async function enqueueAll(store: Store, txns: readonly (readonly Change[])[], { draft }: EnqueueOptions = {}): Promise<Enqueued> {
  const prepared = await Promise.all(txns.map((changes) => prepareTxn(store, changes)));
  const act = prepared.filter(({ changes }) => changes.length > 0);
  const rows = act.flatMap(({ changes }) => changes.map(({ mutation: { id, entity, pk } }) => ({ id, entity, pk })));
  const now = await endingDraft(store, draft, () => withReserve(store, () => steady(store, () => commit(store, act, draft))));
  if (rows.length > 0) {
    countWritten(store, now);
    publishChange(store, { enqueued: true, rows: rows.map(({ entity, pk }) => [entity, pk]) });
  }
  return { mutations: rows, inverse: inverseOfAll(store, act) };
}

/** Enqueues the opposite of an act, the last first. Throws EnqueueError `invalid_value` when it has none. */
export async function undo(store: Store, { inverse }: Enqueued): Promise<Enqueued> {
  if (!inverse) throw new EnqueueError("invalid_value", ["op"]);
  return enqueueAll(store, inverse);
}

async function prepareTxn(store: Store, changes: readonly Change[]): Promise<Txn> {
  const prepared = await Promise.all(changes.map((change) => prepare(store, change)));
  return { id: newId(), changes: prepared.filter((one) => one !== null) };
}

/** Numbers and stamps the act, and writes it with the numbering and the end of its draft in one transaction. Resolves with the new numbering. */
function commit(store: Store, act: readonly Txn[], draft: string | undefined): PromiseLike<Numbered> {
  const { db } = store;
  const blobs = act.flatMap(({ changes }) => changes.flatMap(({ mutation }) => blobsOf(store, mutation)));
  return db.transaction("rw", [db.outbox, db.meta, db.drafts, db.blobs], async () => {
    const [isWritten, meta] = await Promise.all([isInOutbox(db, act), readMeta(db, "device", "lastSeq", "lastSha", "clock", "cursor", "epochGen")]);
    if (isWritten) return meta;
    const records = act.flatMap((txn) => numbered(txn, act[0]!.id, meta));
    const { lastSeq, lastSha, clock } = meta;
    // A file is to be sent from the moment at which what names it is; one that is only asked for has nothing to send.
    const isHere = ({ state }: BlobRecord) => state !== "wanted";
    await Promise.all(blobs.map(({ sha256, row }) => db.blobs.where({ sha256 }).and(isHere).modify({ state: "waiting", act: act[0]!.id, at: Date.now(), row })));
    await Promise.all([db.outbox.bulkAdd(records), writeMeta(db, { lastSeq, lastSha, clock }), draft !== undefined && db.drafts.delete(draft)]);
    return meta;
  });
}

const blobsOf = ({ catalog }: Store, { entity, pk, patch }: Pick<Mutation, "entity" | "pk" | "patch">) => {
  const spec = catalog.specs.get(entity);
  return (spec ? blobsNamed(spec, patch) : []).map((sha256) => ({ sha256, row: [entity, pk] as const }));
};

/** A repeat after a lost connection may find that the first attempt did commit; then all of it did. */
async function isInOutbox(db: Database, act: readonly Txn[]): Promise<boolean> {
  const first = act[0]?.changes[0]?.mutation.id;
  return first !== undefined && (await db.outbox.where("id").equals(first).count()) > 0;
}

type Numbering = Pick<Meta, "lastSeq" | "lastSha" | "clock" | "cursor" | "epochGen">;

/** Makes a txn's records and moves the numbering on, in place. */
function numbered(txn: Txn, act: string, meta: Numbering): OutboxRecord[] {
  const records: OutboxRecord[] = [];
  const mutations: Mutation[] = [];
  for (const { mutation, parent, editing } of txn.changes) {
    meta.clock = stamped(meta.clock, readClocks());
    const whole: Mutation = { ...claimed(mutation, editing, meta.epochGen), hlc: meta.clock.last };
    const line = encoded(whole);
    const sha = shaHex(line);
    const { id, entity, pk, op, hlc, supersedes } = whole;
    const common = { txn: txn.id, act, id, sha, prev: meta.lastSha, hlc, line, entity, pk, op, parent, at: Date.now(), over: meta.cursor, acked: 0 as const };
    mutations.push(whole);
    records.push({ seq: ++meta.lastSeq, ...common, ...(supersedes ? { supersedes } : {}) });
    meta.lastSha = sha;
  }
  translated(() => checkTxn(mutations, records.map(({ line }) => line)), []);
  return records;
}

const encoded = (mutation: Mutation): Uint8Array => translated(() => encode(mutation), Object.keys(mutation.patch));

function translated<T>(work: () => T, fields: readonly string[]): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MutationError)) throw error;
    throw new EnqueueError(error.code as EnqueueCode, error.fields.length > 0 ? error.fields : fields);
  }
}

/** Taken back in reverse order, txn by txn; one change without an inverse leaves the whole act without one. */
function inverseOfAll(store: Store, act: readonly Txn[]): Change[][] | null {
  const txns = act.map(({ changes }) => changes.map((change) => inverse(store, change)).reverse()).reverse();
  const isWhole = (changes: (Change | null)[]): changes is Change[] => changes.every((change) => change !== null);
  return txns.every(isWhole) ? txns : null;
}

function inverse(store: Store, { mutation, editing, wanted }: Prepared): Change | null {
  const spec = store.catalog.specs.get(mutation.entity);
  return spec ? inverseOf(spec, mutation as Mutation, editing, wanted) : null;
}
