/** Keeps what the server said about each mutation, and lets an entry go once its effect has come back by pull (R12). */
import { isSettled } from "../sync/core/cursor";
import type { Receipt } from "../sync/wire/push";
import type { Database, MirrorRecord, OutboxRecord } from "./db";
import { keepInJournal, sendAgain } from "./journal";
import { keptOf } from "./kept";
import type { Meta } from "./meta";

/** A row that came. */
type Brought = Pick<MirrorRecord, "entity" | "pk">;

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
 * applied page. While a scope is on its way in its rows do not come with pages yet, and what was typed would be gone from the screen until
 * they do: then only those whose row this page brought.
 */
export async function settle(db: Database, pulledSeq: number, joins: Meta["joins"], brought: readonly Brought[] = []): Promise<void> {
  if (Object.keys(joins).length > 0) return settleBrought(db, pulledSeq, brought);
  const acked = await ackedOf(db);
  await takeOff(db, acked.filter(({ receipt }) => isSettled(receipt!.log_seq, pulledSeq)));
}

/**
 * Use inside a transaction over outbox, journal and mirror. Takes off the screen the entries whose rows have just come as they were at `seq`:
 * on top of what they became, a text would stand there twice, and whoever took one of the two out would take out both.
 */
export async function settleBrought(db: Database, seq: number, brought: readonly Brought[]): Promise<void> {
  const acked = await ackedOf(db);
  if (acked.length === 0) return;
  const keys = new Set(brought.map(keyOf));
  // What is parked comes as a row of its own.
  const back = acked.filter((entry) => keys.has(keyOf(entry)) && !entry.receipt!.code && isSettled(entry.receipt!.log_seq, seq));
  const there = await db.mirror.bulkGet(back.map(({ entity, pk }): [string, string] => [entity, pk]));
  await takeOff(db, back.filter((_, i) => there[i] !== undefined));
}

const ackedOf = (db: Database): PromiseLike<OutboxRecord[]> => db.outbox.where("acked").equals(1).toArray();

const keyOf = ({ entity, pk }: Brought): string => `${entity} ${pk}`;

async function takeOff(db: Database, settled: readonly OutboxRecord[]): Promise<void> {
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
