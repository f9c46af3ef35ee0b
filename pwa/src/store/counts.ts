/** The numbers of the status that every tab can read for itself. */
import { setStatus, status as shown } from "./status";
import { type StoreChange, hearAllNow, onChange } from "./changes";
import { MAX_JOURNAL } from "./journal";
import type { MirrorRecord } from "./db";
import { listsLevel } from "./light";
import { watch } from "./live";
import { fieldsOf } from "./mirror";
import { readMeta } from "./meta";
import { answeredBy } from "./pending";
import { steady } from "./steady";
import { countActs, unsentBlobs } from "./waiting";
import type { Store, SyncStatus } from "./types";
import { isLevel, type Numbered } from "./written";

type Counts = Pick<
  SyncStatus, "waiting" | "oldestWaitingAt" | "needsYou" | "lastSyncAt" | "bootstrapped" | "downloadedRows" | "notBackedUp"
  | "isJournalFull"
>;

export const counts = (store: Store): Promise<Counts & Numbered> =>
  steady(store, () =>
    store.db.transaction("r", [store.db.mirror, store.db.outbox, store.db.journal, store.db.meta, store.db.blobs], async () => {
      const { db } = store;
      const [open, entries, blobs, meta] = await Promise.all([
        db.mirror.where("ref").above("").toArray(), db.outbox.toArray(), unsentBlobs(db),
        readMeta(db, "scopes", "joins", "lastSyncAt", "downloadedRows", "durableSeq", "device", "lastSeq"),
      ]);
      const answered = answeredBy(entries);
      const unsent = entries.filter(({ acked }) => !acked);
      return {
        device: meta.device,
        lastSeq: meta.lastSeq,
        waiting: countActs(unsent, blobs),
        oldestWaitingAt: unsent[0]?.at ?? blobs[0]?.at ?? null,
        needsYou: open.filter(({ pk }) => !answered.has(pk)).length - copies(store, open),
        lastSyncAt: meta.lastSyncAt,
        bootstrapped: meta.scopes !== null && Object.keys(meta.joins).length === 0,
        downloadedRows: meta.downloadedRows,
        notBackedUp: meta.durableSeq === 0 ? null : await db.journal.where("log").above(meta.durableSeq).count(),
        isJournalFull: (await db.journal.count()) >= MAX_JOURNAL,
      };
    }),
  );

/** How many of these are copies, for somebody else, of what is here as the person's own. */
function copies({ person }: Store, open: readonly MirrorRecord[]): number {
  const known = new Set(open.map(({ pk }) => pk));
  const others = open.filter(({ entity, scope }) => entity === "parked" && scope !== `person:${person}`);
  return others.filter((record) => known.has(String(fieldsOf(record)["mutation_id"]))).length;
}

/**
 * Shows the numbers. That a download has ended is shown once the lists in memory hold it: a list that is still empty would say that nothing
 * is due.
 */
export function arriving(store: Store): (found: Counts & Numbered) => void {
  let latest: Counts | null = null;
  let isReading = false;
  return ({ device, lastSeq, ...read }) => {
    const { waiting, oldestWaitingAt } = shown.value;
    const found = isLevel(store, { device, lastSeq }) ? read : { ...read, waiting, oldestWaitingAt };
    const isNews = latest !== null && found.bootstrapped && !shown.value.bootstrapped;
    latest = found;
    setStatus(isNews ? { ...found, bootstrapped: false } : found);
    if (!isNews || isReading) return;
    isReading = true;
    hearAllNow(store);
    void listsLevel(store).then(() => {
      isReading = false;
      if (!store.closed) setStatus({ bootstrapped: latest!.bootstrapped });
    });
  };
}

/** Keeps the status signal right in this tab. Returns how to stop. */
export function watchStatus(store: Store): () => void {
  // It is read again by itself: to the person there is nothing to say.
  const stopCounts = watch(() => counts(store), arriving(store), (error) => store.closed || reportError(error));
  const stopWords = onChange(store, ({ status }: StoreChange) => status && setStatus(status));
  return () => {
    stopCounts();
    stopWords();
  };
}
