/** Tells every tab of one person which rows changed, so that lists in memory follow without reading all again. */
import type { SyncStatus, Store } from "./types";

export interface StoreChange {
  /** `[entity, pk]` of each; "all" when they are too many to name. */
  readonly rows?: readonly (readonly [entity: string, pk: string])[] | "all";
  /** Something new waits to be sent. */
  readonly enqueued?: boolean;
  /** What the tab that syncs found out. */
  readonly status?: Partial<SyncStatus>;
  /** The person left in another tab: this data is theirs no more, or gone. */
  readonly gone?: boolean;
  /** The browser took the database away, and one tab has made it anew. */
  readonly evicted?: boolean;
}

type Listener = (change: StoreChange) => void;

interface Line {
  listeners: Set<Listener>;
  channel: BroadcastChannel | null;
}

const lines = new WeakMap<Store, Line>();

function lineOf(store: Store): Line {
  const known = lines.get(store);
  if (known) return known;
  // Without BroadcastChannel each tab still finds changes by itself, only later.
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(`baifang-${store.person}`) : null;
  const line: Line = { listeners: new Set(), channel };
  if (channel) channel.onmessage = ({ data }) => line.listeners.forEach((listener) => listener(data as StoreChange));
  lines.set(store, line);
  return line;
}

/** Hears changes of this tab and of all others. Returns how to stop. */
export function onChange(store: Store, listener: Listener): () => void {
  const { listeners } = lineOf(store);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function publishChange(store: Store, change: StoreChange): void {
  const { listeners, channel } = lineOf(store);
  listeners.forEach((listener) => listener(change));
  channel?.postMessage(change);
}

/** Screens that read all again after every chunk of a download would slow it by a quarter. */
const SOON_MS = 1000;

const coming = new WeakMap<Store, ReturnType<typeof setTimeout>>();

/** Tells of many changes at once, within a second; until then, what else changes this way is told along. */
export function publishAllSoon(store: Store): void {
  if (coming.has(store)) return;
  const tell = () => {
    coming.delete(store);
    if (!store.closed) publishChange(store, { rows: "all" });
  };
  coming.set(store, setTimeout(tell, SOON_MS));
}

/** Tells this tab alone that everything may have changed, and at once what was to be told soon: the others see it by themselves. */
export function hearAllNow(store: Store): void {
  clearTimeout(coming.get(store));
  coming.delete(store);
  lineOf(store).listeners.forEach((listener) => listener({ rows: "all" }));
}

/** Tells the other tabs alone: what this tab is in the middle of, no listener of its own may cut short. */
export function tellOtherTabs(store: Store, change: StoreChange): void {
  lineOf(store).channel?.postMessage(change);
}

/** Part of closing a store. */
export function closeLine(store: Store): void {
  lines.get(store)?.channel?.close();
  lines.delete(store);
}
