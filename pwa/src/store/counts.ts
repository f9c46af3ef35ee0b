/** The numbers of the status that every tab can read for itself. */
import { setStatus } from "./status";
import { type StoreChange, onChange } from "./changes";
import { watch } from "./live";
import { readMeta } from "./meta";
import { answeredBy } from "./pending";
import { steady } from "./steady";
import type { Store, SyncStatus } from "./types";

type Counts = Pick<
  SyncStatus, "waiting" | "oldestWaitingAt" | "needsYou" | "lastSyncAt" | "bootstrapped" | "downloadedRows"
>;

export const counts = (store: Store): Promise<Counts> =>
  steady(store, () =>
    store.db.transaction("r", [store.db.mirror, store.db.outbox, store.db.meta], async () => {
      const { db } = store;
      // Two questions, two collections: first() limits the collection that it is asked of.
      const unsent = () => db.outbox.where("acked").equals(0);
      const [waiting, oldest, open, entries] = await Promise.all([
        unsent().count(), unsent().first(), db.mirror.where("ref").above("").primaryKeys(), db.outbox.toArray(),
      ]);
      const answered = answeredBy(entries);
      const meta = await readMeta(db, "scopes", "joins", "lastSyncAt", "downloadedRows");
      return {
        waiting,
        oldestWaitingAt: oldest?.at ?? null,
        needsYou: open.filter(([, pk]) => !answered.has(pk)).length,
        lastSyncAt: meta.lastSyncAt,
        bootstrapped: meta.scopes !== null && Object.keys(meta.joins).length === 0,
        downloadedRows: meta.downloadedRows,
      };
    }),
  );

/** Keeps the status signal right in this tab. Returns how to stop. */
export function watchStatus(store: Store): () => void {
  const stopCounts = watch(() => counts(store), setStatus, (error) => {
    if (!store.closed) throw error;
  });
  const stopWords = onChange(store, ({ status }: StoreChange) => status && setStatus(status));
  return () => {
    stopCounts();
    stopWords();
  };
}
