/** Keeps what the server acknowledged until a backup of it holds that, too, to send it again should it be lost (SPEC 8.9). */
import type { Database, JournalRecord, OutboxRecord } from "./db";

/** More than these are not kept, the oldest going first: without backups the journal would grow for ever. */
export const MAX_JOURNAL = 5000;

/** The tables that move entries between outbox and journal, and what keeps files; name them in the transaction. */
export const journalTables = ({ outbox, journal, blobs }: Database) => [outbox, journal, blobs] as const;

/** Takes acknowledged entries off the outbox. What was dropped because its person is erased is nobody's to keep (R34). */
export async function keepInJournal(db: Database, settled: readonly OutboxRecord[]): Promise<void> {
  if (settled.length === 0) return;
  const kept = settled.filter(({ receipt }) => receipt?.code !== "erased");
  await db.journal.bulkPut(kept.map((entry): JournalRecord => ({ ...entry, log: entry.receipt?.log_seq ?? 0 })));
  await db.outbox.bulkDelete(settled.map(({ seq }) => seq));
  const surplus = (await db.journal.count()) - MAX_JOURNAL;
  if (surplus > 0) await db.journal.bulkDelete(await db.journal.orderBy("log").limit(surplus).primaryKeys());
}

/**
 * Lets go of what a backup holds. What has just its position stays until the next one: a mutation that changed nothing
 * carries the head, and may have come after the backup was taken at that head.
 */
export const forgetDurable = async (db: Database, durableSeq: number): Promise<void> => {
  await db.journal.where("log").below(durableSeq).delete();
  await db.blobs.where("state").equals("sent").and(({ log }) => log < durableSeq).modify({ state: "cached" });
};

/** In another epoch a complete file may be unknown again; announcing it costs nothing where it is known (SPEC 18.8). */
export const announceAgain = (db: Database): PromiseLike<number> =>
  db.blobs.where("state").equals("sent").modify({ state: "waiting" });

/** Puts entries back into the outbox, from a seq on, as if the server had never answered; it knows duplicates by their id. */
export async function sendAgain(db: Database, from = 0): Promise<void> {
  const kept = await db.journal.where("seq").aboveOrEqual(from).toArray();
  await db.outbox.bulkPut(kept.map(({ log: _, receipt: __, ...entry }): OutboxRecord => ({ ...entry, acked: 0 })));
  await db.journal.bulkDelete(kept.map(({ seq }) => seq));
}
