/** Keeps what is being typed at every moment, so that a crash loses less than half a second of it. */
import type { Draft } from "./db";
import { steady } from "./steady";
import type { Fields, Store } from "./types";

const DELAY_MS = 250;

interface Waiting {
  values: Map<string, Fields>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const waiting = new WeakMap<Store, Waiting>();

function waitingOf(store: Store): Waiting {
  let found = waiting.get(store);
  if (!found) waiting.set(store, (found = { values: new Map(), timer: undefined }));
  return found;
}

export async function loadDraft(store: Store, key: string): Promise<Fields | null> {
  const unwritten = waitingOf(store).values.get(key);
  return unwritten ?? (await steady(store, () => store.db.drafts.get(key)))?.value ?? null;
}

/** Call at each keystroke; it is on the disk 250 ms later, and at once when the page is hidden. */
export function saveDraft(store: Store, key: string, value: Fields): void {
  const { values, timer } = waitingOf(store);
  values.set(key, value);
  if (timer === undefined) waitingOf(store).timer = setTimeout(() => void flushDrafts(store), DELAY_MS);
}

export async function flushDrafts(store: Store): Promise<void> {
  const { values, timer } = waitingOf(store);
  clearTimeout(timer);
  waitingOf(store).timer = undefined;
  if (values.size === 0) return;
  const drafts = dated(values);
  await steady(store, () => store.db.drafts.bulkPut(drafts));
  // Only what was written leaves memory: a keystroke during the write must not be lost.
  for (const { key, value } of drafts) if (values.get(key) === value) values.delete(key);
}

const dated = (values: Map<string, Fields>): Draft[] => [...values].map(([key, value]) => ({ key, value, at: Date.now() }));

/**
 * Writes and commits in one turn, since a page that is being put aside gets no second one, and a transaction left open
 * would go with it (aside.ts). What did not arrive is still in memory, should the page return.
 */
function flushAtOnce(store: Store): void {
  const { values } = waitingOf(store);
  if (values.size === 0 || !store.db.isOpen()) return;
  const transaction = store.db.backendDB().transaction("drafts", "readwrite", { durability: "strict" });
  for (const draft of dated(values)) transaction.objectStore("drafts").put(draft);
  transaction.commit();
}

export async function dropDraft(store: Store, key: string): Promise<void> {
  waitingOf(store).values.delete(key);
  await steady(store, () => store.db.drafts.delete(key));
}

/** All drafts, the newest first. */
export async function listDrafts(store: Store): Promise<Draft[]> {
  await flushDrafts(store);
  const drafts = await steady(store, () => store.db.drafts.toArray());
  return drafts.sort((a, b) => b.at - a.at);
}

/** Writes drafts down whenever the page may be about to die. Returns how to stop. */
export function guardDrafts(store: Store): () => void {
  const onHide = () => document.visibilityState === "hidden" && void flushDrafts(store);
  const onLeave = () => flushAtOnce(store);
  document.addEventListener("visibilitychange", onHide);
  addEventListener("pagehide", onLeave);
  return () => {
    document.removeEventListener("visibilitychange", onHide);
    removeEventListener("pagehide", onLeave);
  };
}
