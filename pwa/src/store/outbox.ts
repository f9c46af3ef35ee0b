/** Writes a person's act down: one strict transaction that numbers, stamps and keeps it for ever as it is (SPEC 15.1). */
import { CanonicalError, cleaned, dumpText, type Json } from "../sync/core/canonical";
import { stamped } from "../sync/core/clock";
import { shaHex } from "../sync/core/digest";
import { type Mutation, MutationError, checkTxn, encode } from "../sync/core/mutation";
import type { Policy } from "../sync/core/policy";
import { rootOf, specOf } from "./catalog";
import { publishChange } from "./changes";
import { readClocks } from "./clock";
import type { OutboxRecord } from "./db";
import { difference } from "./difference";
import { flushDrafts } from "./drafts";
import { beginEdit } from "./editing";
import { newId } from "./ids";
import { inverseOf } from "./inverse";
import { readMeta, writeMeta } from "./meta";
import { isQuotaError, releaseReserve } from "./storage";
import { steady } from "./steady";
import { EnqueueError, type EnqueueCode } from "./errors";
import { earlier } from "./shown";
import type { Change, Editing, Enqueued, Fields, Rev, Store } from "./types";

/** A change that is ready to be stamped. */
interface Prepared {
  readonly mutation: Omit<Mutation, "hlc">;
  readonly parent: string;
  readonly editing: Editing;
  readonly wanted: Fields;
}

/** `draft`: the key of the draft that this act finishes; it goes in the same transaction. */
export interface EnqueueOptions {
  readonly draft?: string;
}

/**
 * Writes one txn. Throws EnqueueError and writes nothing when it could never be applied or the disk is full; the draft stays.
 * Changes that differ in nothing are left out.
 */
export async function enqueue(store: Store, changes: readonly Change[], options: EnqueueOptions = {}): Promise<Enqueued> {
  const prepared = (await Promise.all(changes.map((change) => prepare(store, change)))).filter((one) => one !== null);
  const txn = newId();
  const records = await withReserve(store, async () => {
    // Words still on their way to the draft must not arrive there after the act has finished it.
    await flushDrafts(store);
    return steady(store, () => commit(store, txn, prepared, options));
  });
  if (records.length > 0) publishChange(store, { enqueued: true, rows: records.map(({ entity, pk }) => [entity, pk]) });
  return {
    txn,
    mutations: records.map(({ id, seq, entity, pk }) => ({ id, seq, entity, pk })),
    inverse: inverseOfAll(store, prepared),
  };
}

/** Enqueues the opposite of an act. Throws EnqueueError `invalid_value` when it has none. */
export async function undo(store: Store, { inverse }: Enqueued): Promise<Enqueued> {
  if (!inverse) throw new EnqueueError("invalid_value", ["op"]);
  return enqueue(store, inverse);
}

async function prepare(store: Store, change: Change): Promise<Prepared | null> {
  const { entity, pk, op, after = [], supersedes } = change;
  const wanted = clean(change.fields ?? {});
  const editing = change.editing ?? (await editingFor(store, change));
  const { patch, base } = contents(store, change, wanted, editing);
  if ((op === "patch" || op === "revise") && Object.keys(patch).length === 0 && !supersedes) return null;
  const mutation = {
    id: newId(), entity, pk, op, patch, base, after,
    seen_rev: op === "create" ? null : seenBy(store, entity, editing, patch),
    schema: store.catalog.schema,
    ...(supersedes ? { supersedes } : {}),
    ...(op === "delete" && editing.seenAgg !== null ? { seen_agg: editing.seenAgg } : {}),
  };
  return { mutation, parent: rootOf(store.catalog, entity, pk, { ...editing.base, ...wanted }), editing, wanted };
}

/** How much of what it overwrites the change has seen: no more than the own writes in its fields had. */
function seenBy(store: Store, entity: string, { seenRev, own = {} }: Editing, patch: Fields): Rev | null {
  const fields = store.catalog.specs.get(entity)?.fields;
  const names = Object.keys(patch).filter((name) => name in own && isValue(fields?.get(name)?.policy));
  return names.reduce((seen, name) => earlier(seen, own[name]!), seenRev);
}

/** Texts merge from their own base, and sets and counters show the row beneath: for them the row's revision is the truth. */
const isValue = (policy: Policy | undefined): boolean => policy === "register" || policy === "ask" || policy === "append";

async function editingFor(store: Store, { entity, pk, op }: Change): Promise<Editing> {
  // A deleted row cannot be seen, yet a restore may be asked for.
  if (op === "create" || op === "restore") return { entity, pk, seenRev: null, seenAgg: null, base: {} };
  return beginEdit(store, entity, pk);
}

function contents(store: Store, { entity, op }: Change, wanted: Fields, { base }: Editing): { patch: Fields; base: Fields } {
  if (op === "create") return { patch: difference(specOf(store.catalog, entity), {}, wanted).patch, base: {} };
  if (op === "patch" || op === "revise") return difference(specOf(store.catalog, entity), base, wanted);
  return { patch: wanted, base: {} };
}

/** Mends text and refuses what canonical JSON cannot carry (SPEC 15.2). */
function clean(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([name, value]) => [name, cleanValue(name, value ?? null)]);
  return Object.fromEntries(entries) as Fields;
}

function cleanValue(name: string, value: Json): Json {
  const mended = cleaned(value);
  try {
    dumpText(mended);
  } catch (error) {
    if (error instanceof CanonicalError) throw new EnqueueError("wrong_type", [name]);
    throw error;
  }
  return mended;
}

/** Numbers and stamps the txn, and writes it with the numbering in one transaction. */
async function commit(
  store: Store, txn: string, prepared: readonly Prepared[], { draft }: EnqueueOptions,
): Promise<OutboxRecord[]> {
  const { db } = store;
  return db.transaction("rw", [db.outbox, db.meta, db.drafts], async () => {
    // A repeat after a lost connection may find that the first attempt did commit.
    const written = await db.outbox.where("id").anyOf(prepared.map(({ mutation }) => mutation.id)).sortBy("seq");
    if (written.length > 0) return written;
    if (draft !== undefined) await db.drafts.delete(draft);
    const meta = await readMeta(db, "lastSeq", "lastSha", "clock");
    const records = numbered(txn, prepared, meta);
    await db.outbox.bulkAdd(records);
    await writeMeta(db, meta);
    return records;
  });
}

type Numbering = { lastSeq: number; lastSha: string | null; clock: Parameters<typeof stamped>[0] };

/** Makes the records and moves the numbering on, in place. */
function numbered(txn: string, prepared: readonly Prepared[], meta: Numbering): OutboxRecord[] {
  const at = Date.now();
  const mutations: Mutation[] = [];
  const records = prepared.map(({ mutation, parent }): OutboxRecord => {
    meta.clock = stamped(meta.clock, readClocks());
    const whole: Mutation = { ...mutation, hlc: meta.clock.last };
    const line = encoded(whole);
    const sha = shaHex(line);
    const { id, entity, pk, op, hlc, supersedes } = whole;
    const common = { txn, id, sha, prev: meta.lastSha, hlc, line, entity, pk, op, parent, at, acked: 0 as const };
    mutations.push(whole);
    meta.lastSha = sha;
    return { seq: ++meta.lastSeq, ...common, ...(supersedes ? { supersedes } : {}) };
  });
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

/** On a full disk gives the reserved space back and tries once more. */
async function withReserve<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isQuotaError(error)) throw error;
  }
  await releaseReserve(store);
  try {
    return await work();
  } catch (error) {
    if (isQuotaError(error)) throw new EnqueueError("storage_full");
    throw error;
  }
}

/** Taken back in reverse order; one act without an inverse leaves the whole txn without one. */
function inverseOfAll(store: Store, prepared: readonly Prepared[]): Change[] | null {
  const changes = prepared.map(({ mutation, editing, wanted }) => {
    const spec = store.catalog.specs.get(mutation.entity);
    return spec ? inverseOf(spec, mutation as Mutation, editing, wanted) : null;
  });
  return changes.every((change) => change !== null) ? changes.reverse() : null;
}
