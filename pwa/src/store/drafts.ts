/** Keeps what is being typed at every moment, so that a crash loses less than half a second of it. */
import type { Draft } from "./db";
import { EnqueueError } from "./errors";
import { withReserve } from "./storage";
import { steady, writeAtOnce } from "./steady";
import type { Fields, Store } from "./types";

const DELAY_MS = 250;
/** On a full device, until there is room. */
const FULL_MS = 5000;
/** More than keystrokes of the same moment are moved apart by. */
const AHEAD_MS = 1000;

interface Waiting {
  /** What was typed and is not on the disk yet. */
  values: Map<string, Draft>;
  /** What this page knows to be on the disk: the browser may take that away. */
  written: Map<string, Draft>;
  /** Drafts that it took away, until they are there again: other tabs may know newer ones. */
  taken: Set<string>;
  /** Drafts whose act is being written: they go or stay with it. */
  ending: Set<string>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const waiting = new WeakMap<Store, Waiting>();

function waitingOf(store: Store): Waiting {
  let found = waiting.get(store);
  if (!found) waiting.set(store, (found = { values: new Map(), written: new Map(), taken: new Set(), ending: new Set(), timer: undefined }));
  return found;
}

export async function loadDraft(store: Store, key: string): Promise<Fields | null> {
  const { values, written } = waitingOf(store);
  const draft = values.has(key) ? undefined : await steady(store, () => store.db.drafts.get(key));
  // What came while it was read is newer.
  const newer = values.get(key);
  if (newer !== undefined) return newer.value;
  if (draft !== undefined) written.set(key, draft);
  return draft?.value ?? null;
}

/** Call at each keystroke; it is on the disk 250 ms later, and at once when the page is hidden. */
export function saveDraft(store: Store, key: string, value: Fields): void {
  const { values, written, taken } = waitingOf(store);
  // Newer than what was read before, whatever the clock says.
  const before = values.get(key)?.at ?? written.get(key)?.at ?? 0;
  values.set(key, { key, value, at: Math.max(Date.now(), before + 1) });
  taken.delete(key);
  flushSoon(store);
}

function flushSoon(store: Store, ms = DELAY_MS): void {
  waitingOf(store).timer ??= setTimeout(() => void tryFlush(store), ms);
}

/** Writes drafts down as far as there is room; what finds none stays in memory, and the status says that the device is full. */
export async function tryFlush(store: Store): Promise<void> {
  if (store.closed) return;
  try {
    await flushDrafts(store);
  } catch (error) {
    if (!(error instanceof EnqueueError)) throw error;
    flushSoon(store, FULL_MS);
  }
}

export async function flushDrafts(store: Store): Promise<void> {
  const waiting = waitingOf(store);
  clearTimeout(waiting.timer);
  waiting.timer = undefined;
  if (writable(waiting).length === 0) return;
  let [mine, kept]: [Draft[], Draft[]] = [[], []];
  const { drafts } = store.db;
  const put = async () => {
    // Chosen anew at each try: a repeat must not bring back what an act has ended meanwhile.
    mine = writable(waiting);
    const found = await drafts.bulkGet(mine.map(({ key }) => key));
    kept = mine.map((draft, i) => later(draft, found[i]));
    await drafts.bulkPut(kept);
  };
  await withReserve(store, () => steady(store, () => store.db.transaction("rw", drafts, put)));
  // Only what was written leaves memory: a keystroke during the write must not be lost.
  for (const [i, draft] of mine.entries()) {
    waiting.written.set(draft.key, kept[i]!);
    if (waiting.values.get(draft.key) !== draft) continue;
    waiting.values.delete(draft.key);
    waiting.taken.delete(draft.key);
  }
}

/** What was typed later in another tab stays: this one may have slept since. A time that has not come yet was of a clock that ran ahead. */
const later = (mine: Draft, found: Draft | undefined): Draft =>
  found !== undefined && found.at > mine.at && found.at < Date.now() + AHEAD_MS ? found : mine;

/** The database was taken away and is new: what this page knows of drafts is written again, but over nothing newer. */
export function rewriteDrafts(store: Store): void {
  const { values, written, taken } = waitingOf(store);
  for (const [key, draft] of written) {
    if (values.has(key)) continue;
    values.set(key, draft);
    taken.add(key);
  }
  written.clear();
  if (values.size > 0) flushSoon(store);
}

/** All but those whose act is being written: behind that act they would come back to life. */
const writable = ({ values, ending }: Waiting): Draft[] => [...values.values()].filter(({ key }) => !ending.has(key));

/** Writes an act that finishes a draft: what was typed stays when it throws, and is gone for good when it does not. */
export async function endingDraft<T>(store: Store, key: string | undefined, write: () => Promise<T>): Promise<T> {
  if (key === undefined) return write();
  const { values, written, ending } = waitingOf(store);
  ending.add(key);
  try {
    const result = await write();
    values.delete(key);
    written.delete(key);
    return result;
  } finally {
    ending.delete(key);
    if (values.size > 0) flushSoon(store);
  }
}

/** As far as one turn goes: what did not arrive is still in memory, should the page return. */
function flushAtOnce(store: Store): void {
  const waiting = waitingOf(store);
  for (const draft of writable(waiting)) {
    // Nothing can be compared in one turn: what an eviction took goes only where no other tab has written since.
    writeAtOnce(store, "drafts", (drafts) => drafts[waiting.taken.has(draft.key) ? "add" : "put"](draft));
  }
}

export async function dropDraft(store: Store, key: string): Promise<void> {
  const { values, written } = waitingOf(store);
  values.delete(key);
  written.delete(key);
  await steady(store, () => store.db.drafts.delete(key));
}

/** What this page has not written down yet of drafts, those included whose act is being written. */
export const unwritten = (store: Store): Fields[] => [...waitingOf(store).values.values()].map(({ value }) => value);

/** All drafts, the newest first, those that only memory has room for included. */
export async function listDrafts(store: Store): Promise<Draft[]> {
  await tryFlush(store);
  const drafts = await steady(store, () => store.db.drafts.toArray());
  const inMemory = writable(waitingOf(store));
  const keys = new Set(inMemory.map(({ key }) => key));
  return [...inMemory, ...drafts.filter(({ key }) => !keys.has(key))].sort((a, b) => b.at - a.at);
}

/** Writes drafts down whenever the page may be about to die. Returns how to stop. */
export function guardDrafts(store: Store): () => void {
  const onHide = () => document.visibilityState === "hidden" && void tryFlush(store);
  const onLeave = () => flushAtOnce(store);
  document.addEventListener("visibilitychange", onHide);
  document.addEventListener("freeze", onLeave);
  addEventListener("pagehide", onLeave);
  return () => {
    document.removeEventListener("visibilitychange", onHide);
    document.removeEventListener("freeze", onLeave);
    removeEventListener("pagehide", onLeave);
  };
}
