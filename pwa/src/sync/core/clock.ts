/** Stamps order writes for a reader and break ties; they never decide who has seen what (SPEC 2). */
import { compareUtf8 } from "./utf8";

/** Milliseconds since 1970 UTC and a counter of 16 bits. */
export type Stamp = readonly [ms: number, n: number];

const MAX_COUNT = 65535;
/** Wall and monotonic clocks that differ by more than this, in ms, show that the wall was set. */
export const STEP_MS = 2000;

export const compareStamps = (a: Stamp, b: Stamp): number => a[0] - b[0] || a[1] - b[1];

export const laterStamp = (a: Stamp, b: Stamp): Stamp => (compareStamps(a, b) >= 0 ? a : b);

/** The least stamp that is later. */
export const successor = ([ms, n]: Stamp): Stamp => (n < MAX_COUNT ? [ms, n + 1] : [ms + 1, 0]);

/** The stamp of the next mutation, given the last one and the wall clock in ms (SPEC 2.1). */
export const tick = (last: Stamp, wall: number): Stamp => (wall > last[0] ? [wall, 0] : successor(last));

export interface Claim {
  /** The mutation's own `hlc`. */
  readonly claimed: Stamp;
  /** Server minus device, in ms. */
  readonly skew: number;
  /** The highest stamp among touched groups whose revision was seen. */
  readonly seen: Stamp | null;
  /** The effective stamp of this device's last mutation. */
  readonly previous: Stamp | null;
  /** Server ms at receipt. */
  readonly receive: number;
}

/** The corrected and clamped stamp (SPEC 2.3). */
export function effective({ claimed, skew, seen, previous, receive }: Claim): Stamp {
  let stamp: Stamp = [claimed[0] + skew, claimed[1]];
  if (seen) stamp = laterStamp(stamp, successor(seen));
  if (previous) stamp = laterStamp(stamp, previous);
  const limit: Stamp = [receive, MAX_COUNT];
  return compareStamps(stamp, limit) <= 0 ? stamp : limit;
}

/** Who wrote, in the order that decides between equal stamps (SPEC 2.4). */
export interface Writer {
  readonly stamp: Stamp;
  readonly device: string;
  readonly seq: number;
}

/** Whether `a` wins over `b`. */
export const later = (a: Writer, b: Writer): boolean =>
  (compareStamps(a.stamp, b.stamp) || compareUtf8(a.device, b.device) || a.seq - b.seq) > 0;

/** One look at the clocks; `mono` is comparable only within one `session` (a page, a worker). */
export interface Reading {
  readonly wall: number;
  readonly mono: number;
  readonly session: string;
}

/** What the outbox's database keeps of time; plain data, replaced whole in the enqueue's transaction. */
export interface ClockState {
  readonly last: Stamp;
  /** Server minus wall at the last contact, in ms; null before the first, and after a step. */
  readonly skew: number | null;
  readonly session: string | null;
  /** Wall minus monotonic at the last reading. */
  readonly offset: number;
  /** Mutations stamped up to `upTo` keep `skew`; in rising order. */
  readonly kept: readonly { readonly upTo: Stamp; readonly skew: number | null }[];
}

export const NEW_CLOCK: ClockState = { last: [0, 0], skew: null, session: null, offset: 0, kept: [] };

/** Everything stamped so far keeps the skew known now, for the wall may have been set since. */
function closed(state: ClockState): ClockState["kept"] {
  const { last, skew, kept } = state;
  const open = kept.at(-1);
  if (open && compareStamps(open.upTo, last) >= 0) return kept;
  const before = open && open.skew === skew ? kept.slice(0, -1) : kept;
  return [...before, { upTo: last, skew }];
}

/** Notices a new session or a step of the wall clock (SPEC 2.2); call it with every reading. */
export function observed(state: ClockState, { wall, mono, session }: Reading): ClockState {
  const offset = wall - mono;
  if (session !== state.session) {
    const kept = state.session === null ? state.kept : closed(state);
    return { ...state, session, offset, kept };
  }
  if (Math.abs(offset - state.offset) <= STEP_MS) return { ...state, offset };
  return { ...state, offset, kept: closed(state), skew: null };
}

/** The state after stamping one mutation; its `hlc` is the new state's `last`. */
export function stamped(state: ClockState, reading: Reading): ClockState {
  const now = observed(state, reading);
  return { ...now, last: tick(now.last, reading.wall) };
}

/** The state after an answer that carried `server_time` in ms. */
export const contacted = (state: ClockState, reading: Reading, serverTime: number): ClockState => ({
  ...observed(state, reading),
  skew: serverTime - reading.wall,
});

/** The envelope line's `skew` for a mutation stamped `hlc`: null lets the server measure it at push. */
export const skewOf = (state: ClockState, hlc: Stamp): number | null =>
  state.kept.find(({ upTo }) => compareStamps(hlc, upTo) <= 0)?.skew ?? null;

/** Forgets the skews that no waiting mutation needs; `oldest` is the first waiting `hlc`, if any. */
export const pruned = (state: ClockState, oldest: Stamp | null): ClockState => ({
  ...state,
  kept: oldest === null ? [] : state.kept.filter(({ upTo }) => compareStamps(upTo, oldest) >= 0),
});
