/** Repeats work on a fresh connection when the browser has lost the old one, as Safari does. */
import { isAside } from "./aside";
import type { Store } from "./types";

/** What a transaction ends with that the browser closes the connection under; it may be found out late. */
const LOST = new Set(["UnknownError", "InvalidStateError", "DatabaseClosedError", "PrematureCommitError"]);

interface Named {
  name?: unknown;
  inner?: Named | null;
}

/** Whether the browser lost the connection, as opposed to our having closed it. An abort that has no reason comes from nowhere else. */
export function isConnectionLost(error: unknown): boolean {
  const named = error as Named | null;
  if (named == null) return false;
  return LOST.has(String(named.name)) || (named.inner == null ? named.name === "AbortError" : isConnectionLost(named.inner));
}

const reopening = new WeakMap<Store, Promise<unknown>>();

async function reopen(store: Store): Promise<void> {
  let opening = reopening.get(store);
  if (!opening) {
    store.db.close({ disableAutoOpen: false });
    opening = Promise.resolve(store.db.open()).finally(() => reopening.delete(store));
    reopening.set(store, opening);
  }
  await opening;
}

/** Runs the work, once more on a fresh connection if the browser lost the old one. The work must bear repeating. */
export async function steady<T>(store: Store, work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (store.closed || isAside() || !isConnectionLost(error)) throw error;
    await reopen(store);
    return await work();
  }
}

/**
 * Writes and commits in one turn, since a page that is being put aside gets no second one, and a transaction left open
 * would go with it (aside.ts). Where the browser has closed the connection, nothing is written.
 */
export function writeAtOnce({ db }: Store, table: string, write: (records: IDBObjectStore) => unknown): void {
  if (!db.isOpen()) return;
  try {
    const transaction = db.backendDB().transaction(table, "readwrite", { durability: "strict" });
    write(transaction.objectStore(table));
    transaction.commit();
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
  }
}
