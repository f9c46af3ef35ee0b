/** Keeps what the server said about each mutation, and lets an entry go once its effect has come back by pull (R12). */
import { isSettled } from "../sync/core/cursor";
import type { Receipt } from "../sync/wire/push";
import type { Database, OutboxRecord } from "./db";
import { keepInJournal, sendAgain } from "./journal";
import { keptOf } from "./kept";
import type { Meta } from "./meta";

/** Use inside a transaction over the outbox. Receipts of entries no longer here are ignored. */
export async function recordReceipts(db: Database, receipts: readonly Receipt[]): Promise<void> {
  const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const entries = await db.outbox.where("id").anyOf([...byId.keys()]).toArray();
  // The first receipt stays: a later one for the same mutation only says "duplicate".
  const news = entries.filter(({ acked }) => !acked);
  await db.outbox.bulkPut(news.map((entry): OutboxRecord => ({ ...entry, acked: 1, receipt: byId.get(entry.id)! })));
}

/**
 * Use inside a transaction over outbox, journal and mirror. Takes off the screen acknowledged entries whose effect lies at or before the last
 * applied page; none while a scope is on its way in, for its rows do not come with pages yet, and what was typed would be
 * gone from the screen until they do.
 */
export async function settle(db: Database, pulledSeq: number, joins: Meta["joins"]): Promise<void> {
  if (Object.keys(joins).length > 0) return;
  const acked = await db.outbox.where("acked").equals(1).toArray();
  const settled = acked.filter(({ receipt }) => isSettled(receipt!.log_seq, pulledSeq));
  const kept = await keptOf(db, settled);
  await keepInJournal(db, settled.filter(({ id }) => !kept.has(id)));
}

/** Takes every acknowledgement back, so that all that is still here is sent again; the server knows duplicates by their id. */
export async function forgetReceipts(db: Database): Promise<void> {
  await db.outbox.where("acked").equals(1).modify((entry) => {
    entry.acked = 0;
    delete entry.receipt;
  });
  await sendAgain(db);
}

/** A new epoch began: what is here saw rows of another timeline. */
export const markOlder = (db: Database): PromiseLike<number> => db.outbox.toCollection().modify({ isOlder: true });
