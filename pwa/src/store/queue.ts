/** The outbox as the sender sees it: batches of whole txns, what was acknowledged, and the fork (SPEC 8). */
import { type Reading, contacted, pruned, skewOf } from "../sync/core/clock";
import type { Fork, Parent, PushItem, PushReply, Receipt } from "../sync/wire/push";
import type { Database, OutboxRecord } from "./db";
import { newId } from "./ids";
import { journalTables, sendAgain } from "./journal";
import { readMeta, writeMeta } from "./meta";
import { forgetReceipts, recordReceipts, settle } from "./receipts";
import { steady } from "./steady";
import type { Store } from "./types";

export interface Batch {
  readonly device: string;
  /** That of the mirror when it was made. */
  readonly epoch: number;
  readonly parent: Parent | null;
  /** The mirror's that its mutations were written over. */
  readonly cursor: string | null;
  readonly ackedThrough: number;
  readonly items: readonly PushItem[];
  readonly txns: number;
}

export interface BatchLimits {
  readonly bytes: number;
  readonly mutations: number;
  /** At most this many txns; 1 is the least unit. */
  readonly txns: number;
  /** Where the server wants to go on, acknowledged entries included; null = with the first unacknowledged one. */
  readonly from: number | null;
}

const MAX_TXN = 100;
/** An envelope line is about this long. */
const ENVELOPE_BYTES = 300;

/** The next entries to send, whole txns only and at least one; null when nothing waits. */
export const nextBatch = (store: Store, limits: BatchLimits): Promise<Batch | null> =>
  steady(store, () =>
    store.db.transaction("r", [store.db.outbox, store.db.meta], async () => {
      const { db } = store;
      const found = await waitingEntries(db, limits);
      if (found.length === 0) return null;
      const meta = await readMeta(db, "device", "epoch", "parent", "clock");
      const taken = wholeTxns(found, limits);
      const items = taken.map((entry): PushItem => {
        const { seq, txn, id, sha, prev, line, hlc } = entry;
        return { envelope: { seq, txn, id, sha, prev, skew: skewOf(meta.clock, hlc) }, line };
      });
      const txns = new Set(taken.map(({ txn }) => txn)).size;
      const { device, epoch, parent } = meta;
      return { device, epoch, parent, cursor: found[0]!.over ?? null, ackedThrough: await ackedThrough(db), items, txns };
    }),
  );

/** The last seq up to which every receipt is held. */
export async function ackedThrough(db: Database): Promise<number> {
  const first = await db.outbox.where("acked").equals(0).first();
  return first ? first.seq - 1 : (await readMeta(db, "lastSeq")).lastSeq;
}

function waitingEntries(db: Database, { from, mutations }: BatchLimits): PromiseLike<OutboxRecord[]> {
  const entries = from === null ? db.outbox.where("acked").equals(0) : db.outbox.where("seq").aboveOrEqual(from);
  return entries.limit(mutations + MAX_TXN).toArray();
}

/** What was written over another mirror goes by another push, for it has seen something else (SPEC 8.8). */
function wholeTxns(found: readonly OutboxRecord[], limits: BatchLimits): OutboxRecord[] {
  const groups = grouped(found);
  const taken: OutboxRecord[] = [];
  let bytes = 0;
  let txns = 0;
  for (const group of groups.values()) {
    const size = group.reduce((sum, { line }) => sum + line.length + ENVELOPE_BYTES, 0);
    const fits = bytes + size <= limits.bytes && taken.length + group.length <= limits.mutations && txns < limits.txns;
    if (taken.length > 0 && (!fits || group[0]!.over !== taken[0]!.over)) break;
    taken.push(...group);
    bytes += size;
    txns += 1;
  }
  return taken;
}

/** The txns in order. */
function grouped(found: readonly OutboxRecord[]): Map<string, OutboxRecord[]> {
  const groups = new Map<string, OutboxRecord[]>();
  for (const entry of found) groups.set(entry.txn, [...(groups.get(entry.txn) ?? []), entry]);
  return groups;
}

/**
 * Keeps an answer's receipts and what it tells of the time. `device` is the one that the batch was sent as. An answer may
 * come late, in a tab that was frozen: of an epoch that has ended meanwhile it acknowledges nothing, for what the server
 * had then it may have lost since, nor after a fork, for what it had of the former device leaves a hole in the new numbering (SPEC 8.9).
 */
export const acknowledge = (store: Store, device: string, reply: PushReply, reading: Reading): Promise<void> =>
  steady(store, () =>
    store.db.transaction("rw", [...journalTables(store.db), store.db.mirror, store.db.meta], async () => {
      const { db } = store;
      const meta = await readMeta(db, "device", "parent", "clock", "epoch", "pulledSeq", "joins");
      const isOurs = meta.device === device;
      if (isOurs && reply.epoch >= meta.epoch) await recordReceipts(db, reply.receipts);
      // The page that contains the effect may have come first; positions of another epoch mean nothing.
      if (reply.epoch === meta.epoch) await settle(db, meta.pulledSeq, meta.joins);
      const oldest = (await db.outbox.where("acked").equals(0).first())?.hlc ?? null;
      const clock = pruned(contacted(meta.clock, reading, reply.server_time), oldest);
      const isKnown = isOurs && reply.fork === null && reply.receipts.length > 0;
      // Before the first page the answer tells the epoch, that a page of another one may take its word back.
      await writeMeta(db, { clock, parent: isKnown ? null : meta.parent, epoch: meta.epoch || reply.epoch });
    }),
  );

/**
 * Keeps the receipts of a committed prefix that came with a refusal, which does not tell its epoch: not before one is known,
 * nor when another began or the device forked since the batch was made.
 */
export const keepReceipts = (store: Store, { device, epoch }: Batch, receipts: readonly Receipt[]): Promise<void> =>
  steady(store, () =>
    store.db.transaction("rw", [store.db.outbox, store.db.meta], async () => {
      const meta = await readMeta(store.db, "device", "epoch");
      if (epoch && meta.epoch === epoch && meta.device === device) await recordReceipts(store.db, receipts);
    }),
  );

/**
 * This database was copied or rolled back: goes on as a new device with the old one as parent, numbering from 1. The
 * mutations' bytes and ids stay (SPEC 8.6).
 */
export const forkDevice = (store: Store, device: string, fork: Fork): Promise<void> =>
  steady(store, () =>
    store.db.transaction("rw", [...journalTables(store.db), store.db.meta], async () => {
      const { db } = store;
      const meta = await readMeta(db, "device", "enqueuedThrough");
      if (meta.device !== device) return;
      await forgetReceipts(db);
      // Of what is still here the server finds out by its ids what it shares; an acknowledgement may be of a lost timeline.
      const parent = { device, seq: fork.last_equal_seq ?? (await ackedThrough(db)) };
      const entries = await db.outbox.orderBy("seq").toArray();
      const renumbered = entries.map((entry, i) => ({ ...entry, seq: i + 1, prev: entries[i - 1]?.sha ?? null }));
      await db.outbox.clear();
      await db.outbox.bulkAdd(renumbered);
      const enqueuedThrough = entries.filter(({ seq }) => seq <= meta.enqueuedThrough).length;
      const [lastSeq, lastSha] = [renumbered.length, renumbered.at(-1)?.sha ?? null];
      await writeMeta(db, { device: newId(), parent, lastSeq, lastSha, enqueuedThrough });
    }),
  );

/** The lowest seq at or above `from` that is still here; what only the journal held is to be sent again. */
export const firstSeqFrom = (store: Store, from: number): Promise<number | null> =>
  steady(store, () =>
    store.db.transaction("rw", journalTables(store.db), async () => {
      await sendAgain(store.db, from);
      return (await store.db.outbox.where("seq").aboveOrEqual(from).first())?.seq ?? null;
    }),
  );
