/** The device's space: asks to keep it, knows how much is left, and holds some back for writing when it is full. */
import { EnqueueError } from "./errors";
import { readMeta, writeMeta } from "./meta";
import { setStatus, status } from "./status";
import type { Store, StorageState } from "./types";

/** Enough for some hundred mutations. */
const RESERVE_BYTES = 512 * 1024;
/** `persist()` never answers in some browsers. */
const PATIENCE_MS = 3000;

interface Named {
  name?: unknown;
  inner?: Named;
}

export function isQuotaError(error: unknown): boolean {
  const named = error as Named | null;
  if (named == null) return false;
  return named.name === "QuotaExceededError" || (named.inner !== undefined && isQuotaError(named.inner));
}

const patient = <T>(work: Promise<T>, otherwise: T): Promise<T> =>
  Promise.race([work.catch(() => otherwise), new Promise<T>((resolve) => setTimeout(resolve, PATIENCE_MS, otherwise))]);

/** Asks the browser not to evict this data, and tells the status what it says. Some grant later what they refused: ask at each start. */
export async function askToKeep(): Promise<void> {
  if (navigator.storage?.persist) await patient(navigator.storage.persist(), false);
  await measureStorage();
}

/** Measures, and tells the status. */
export async function measureStorage(): Promise<StorageState> {
  const storage = navigator.storage as StorageManager | undefined;
  const estimate = storage?.estimate ? await patient(storage.estimate(), {}) : {};
  const persistent = storage?.persisted ? await patient(storage.persisted(), false) : false;
  const state = { ...status.value.storage, used: estimate.usage ?? null, quota: estimate.quota ?? null, persistent };
  setStatus({ storage: state });
  return state;
}

export const setFull = (full: boolean): void => {
  if (status.value.storage.full !== full) setStatus({ storage: { ...status.value.storage, full } });
};

/** Runs a write that the app can do without for now: a full disk is said, and not thrown. */
export async function unlessFull(work: () => PromiseLike<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isQuotaError(error)) throw error;
    setFull(true);
  }
}

/** Puts space aside while there is some; a second call changes nothing. */
export async function keepReserve(store: Store): Promise<void> {
  const { reserve } = await readMeta(store.db, "reserve");
  if (reserve) return;
  await unlessFull(async () => {
    // Random, because an engine may compress what it stores.
    const bytes = new Uint8Array(RESERVE_BYTES);
    for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
    await writeMeta(store.db, { reserve: bytes });
    setFull(false);
  });
}

/** Runs the work; on a full disk gives the reserved space back and tries once more. Throws EnqueueError `device_full`. */
export async function withReserve<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isQuotaError(error)) throw error;
  }
  setFull(true);
  try {
    // Taken away, not written over: a full disk refuses even a small write.
    await store.db.meta.delete("reserve");
    return await work();
  } catch (error) {
    if (isQuotaError(error)) throw new EnqueueError("device_full");
    throw error;
  }
}
