/** Keeps a picture as it was chosen until it has been made small: the page may be killed in that second. It never leaves this device as it is. */
import type { PickedRecord } from "./db";
import { EnqueueError } from "./errors";
import { newId } from "./ids";
import { readMeta, writeMeta } from "./meta";
import { isQuotaError, unlessFull } from "./storage";
import { steady, writeAtOnce } from "./steady";
import type { Store } from "./types";

/** So many pages may come to their end at one that was left behind: it may be what kills them. */
const TRIES = 2;
/** Without Web Locks nobody knows whether another tab is still at it; by then it is not. */
const LONG_MS = 600_000;

/** One that this page is making small. */
export interface Picked {
  readonly id: string;
  /** The key of the draft that it goes to. */
  readonly key: string;
  /** Whether it is in the store; false where there was no room, or nothing could be read. */
  readonly kept: Promise<boolean>;
}

interface Held extends Picked {
  readonly letGo: () => void;
}

const underWay = new WeakMap<Store, Set<Held>>();

const heldOf = (store: Store): Set<Held> => {
  const known = underWay.get(store) ?? new Set();
  underWay.set(store, known);
  return known;
};

const lockOf = (id: string): string => `baifang-picked-${id}`;

/** Large ones are read and written one after the other. */
let turn: Promise<unknown> = Promise.resolve();

/** Begins to keep one, and holds it against other tabs until `letGo`. `at`: when it was taken, ms. */
export function keepPicked(store: Store, key: string, file: Blob, at: number): Picked {
  const id = newId();
  let letGo = () => {};
  const over = new Promise<void>((resolve) => (letGo = resolve));
  const kept = new Promise<boolean>((resolve, reject) => {
    const work = async (): Promise<void> => {
      turn = turn.then(() => write(store, { id, key, at }, file)).then(resolve, reject);
      await over;
    };
    // A lock that cannot be had, as in a page that is going, must not leave everybody waiting.
    ("locks" in navigator ? navigator.locks.request(lockOf(id), work) : work()).catch(reject);
  });
  const held: Held = { id, key, kept, letGo };
  // Whoever makes it small is told; until its turn has come nobody listens.
  kept.catch(() => undefined);
  heldOf(store).add(held);
  return held;
}

async function write(store: Store, name: Pick<PickedRecord, "id" | "key" | "at">, file: Blob): Promise<boolean> {
  const bytes = await file.arrayBuffer().catch(() => null);
  // Of what cannot even be read there is nothing to keep; that it cannot is said when it is opened.
  if (bytes === null) return false;
  const record: PickedRecord = { ...name, type: file.type, bytes, keptAt: Date.now() };
  try {
    await steady(store, () => store.db.picked.put(record));
    return true;
  } catch (error) {
    if (!isQuotaError(error)) throw error;
    return false;
  }
}

/** It is small and in its draft, or nobody can open it. */
export const dropPicked = (store: Store, id: string): Promise<void> => steady(store, () => store.db.picked.delete(id));

/** This page is no longer at it; what is still in the store waits for the next start. */
export function letGoOf(store: Store, { id }: Picked): void {
  for (const held of heldOf(store)) {
    if (held.id !== id) continue;
    heldOf(store).delete(held);
    held.letGo();
  }
}

/** The drafts that such a picture goes to, once each. */
export async function pickedKeys(store: Store): Promise<string[]> {
  const held = [...heldOf(store)].map(({ key }) => key);
  const kept = (await steady(store, () => store.db.picked.orderBy("key").uniqueKeys())) as string[];
  return [...new Set([...held, ...kept])];
}

/** Before this page may lose them: resolves when all are in the store. Throws EnqueueError `device_full` where there was no room for one. */
export async function allKept(store: Store): Promise<void> {
  uncounts.get(store)?.();
  const kept = await Promise.all([...heldOf(store)].map((picked) => picked.kept));
  if (kept.includes(false)) throw new EnqueueError("device_full");
}

/** Those that are in the store, by form and in the order in which they were chosen; a living page may be at some. */
export const listPicked = (store: Store): Promise<Pick<PickedRecord, "id" | "key">[]> =>
  steady(store, async () => {
    const found: Pick<PickedRecord, "id" | "key">[] = [];
    await store.db.picked.orderBy("key").eachKey((key, { primaryKey }) => found.push({ id: String(primaryKey), key: String(key) }));
    return found;
  });

/** Goes on with one, unless a living page is at it. `resume` drops it itself. */
export const resumePicked = (store: Store, id: string, resume: (record: PickedRecord, isHopeless: boolean) => Promise<void>): Promise<void> =>
  ifLeft(store, id, async () => {
    const record = await steady(store, () => store.db.picked.get(id));
    if (record === undefined) return;
    await counted(store, id, (before) => resume(record, before >= TRIES));
  });

/** How to take the present count back: somebody leaves. */
const uncounts = new WeakMap<Store, () => void>();

/** Counts the pages that come to their end at it: not one that outlives it, nor one that the person leaves. What another tab counts at the same time may be lost. */
async function counted(store: Store, id: string, work: (before: number) => Promise<void>): Promise<void> {
  const { tries } = await steady(store, () => readMeta(store.db, "tries"));
  const { [id]: before = 0, ...others } = tries;
  const uncount = () => writeAtOnce(store, "meta", (meta) => meta.put(tries, "tries"));
  const stop = whenLeft(uncount);
  uncounts.set(store, uncount);
  try {
    await unlessFull(() => steady(store, () => writeMeta(store.db, { tries: { ...others, [id]: before + 1 } })));
    await work(before);
  } finally {
    stop();
    uncounts.delete(store);
    if (!store.closed) await unlessFull(() => steady(store, () => writeMeta(store.db, { tries: others })));
  }
}

/** Whenever the page goes out of sight, or goes. Returns how to stop. */
function whenLeft(work: () => void): () => void {
  const onHide = () => document.visibilityState === "hidden" && work();
  document.addEventListener("visibilitychange", onHide);
  addEventListener("pagehide", work);
  return () => {
    document.removeEventListener("visibilitychange", onHide);
    removeEventListener("pagehide", work);
  };
}

async function ifLeft(store: Store, id: string, work: () => Promise<void>): Promise<void> {
  if ("locks" in navigator) {
    return navigator.locks.request(lockOf(id), { ifAvailable: true }, async (lock) => {
      if (lock) await work();
    });
  }
  const keptAt = (await steady(store, () => store.db.picked.get(id)))?.keptAt ?? Date.now();
  if (Math.abs(Date.now() - keptAt) > LONG_MS) await work();
}
