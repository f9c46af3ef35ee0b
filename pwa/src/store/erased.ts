/** Takes off this device what it still holds of rows that were erased on a person's request (R34). */
import { unwritten } from "./drafts";
import { rowsNaming } from "./naming";
import type { Store } from "./types";

/**
 * Use inside a transaction over mirror, outbox, journal, files, drafts and pictures; the mirror's rows go with the page itself. What is still to
 * be sent stays until the server has acknowledged it, without keeping it, so that no number is missing in between.
 */
export async function forgetErased(store: Store, rows: readonly { entity: string; pk: string }[]): Promise<void> {
  const { db } = store;
  const keys = rows.map(({ entity, pk }): [string, string] => [entity, pk]);
  await db.outbox.where("[entity+pk]").anyOf(keys).and(({ acked }) => acked === 1).delete();
  const pks = new Set(rows.map(({ pk }) => pk));
  await db.journal.filter(({ pk }) => pks.has(pk)).delete();
  const isAbout = ({ key }: { key: string }) => key.split(":").some((part) => pks.has(part));
  await Promise.all([db.drafts.filter(isAbout).delete(), db.picked.filter(isAbout).delete()]);
  await releaseFiles(store, pks);
}

/** Another row that names a file keeps it as it is, and so does a draft. Of no more use to anybody, it goes with the next tidying. */
async function releaseFiles(store: Store, erased: ReadonlySet<string>): Promise<void> {
  const files = await store.db.blobs.filter(({ row }) => row !== undefined && erased.has(row[1])).primaryKeys();
  if (files.length === 0) return;
  const rows = await rowsNaming(store, new Set(files));
  const drafts = JSON.stringify([await store.db.drafts.toArray(), unwritten(store)]);
  for (const sha256 of files) {
    const row = rows.get(sha256)?.find(([, pk]) => !erased.has(pk));
    await store.db.blobs.update(sha256, row !== undefined ? { row } : drafts.includes(sha256) ? { state: "draft", at: Date.now() } : { state: "cached" });
  }
}
