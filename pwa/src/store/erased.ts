/** Takes off this device what it still holds of rows that were erased on a person's request (R34). */
import type { Database } from "./db";

/**
 * Use inside a transaction over outbox, journal, files and drafts; the mirror's rows go with the page itself. What is still to
 * be sent stays until the server has acknowledged it, without keeping it, so that no number is missing in between.
 */
export async function forgetErased(db: Database, rows: readonly { entity: string; pk: string }[]): Promise<void> {
  const keys = rows.map(({ entity, pk }): [string, string] => [entity, pk]);
  await db.outbox.where("[entity+pk]").anyOf(keys).and(({ acked }) => acked === 1).delete();
  const pks = new Set(rows.map(({ pk }) => pk));
  await db.journal.filter(({ pk }) => pks.has(pk)).delete();
  // Without a row that names it and of no more use, a file goes with the next tidying.
  await db.blobs.filter(({ row }) => row !== undefined && pks.has(row[1])).modify({ state: "cached" });
  await db.drafts.filter(({ key }) => key.split(":").some((part) => pks.has(part))).delete();
}
