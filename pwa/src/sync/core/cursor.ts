/** The client's rules for applying what the server sends: which of two versions of a row stays (SPEC 11.6, 11.7, 12.2). */
import { type Rev, compareRevs } from "./digest";

/** What a mirror knows of a row it holds. */
export interface Held {
  readonly rev: Rev;
  /** Counts resets: rows of an older one await replacement (SPEC 11.7). */
  readonly generation: number;
}

/** Where a row comes from: a pull's page tells the present, a snapshot's chunk may be older. */
export type Source = "page" | "chunk";

/** Whether an upsert of `rev` is written. `marker` is the revision at which the row was seen to leave. */
export function takesUpsert(
  held: Held | null,
  marker: Rev | null,
  rev: Rev,
  generation: number,
  source: Source,
): boolean {
  if (source === "chunk" && marker && compareRevs(rev, marker) < 0) return false;
  if (!held || held.generation !== generation) return !held || held.generation < generation;
  return compareRevs(rev, held.rev) >= 0;
}

/** Whether a leave or delete at `rev` removes the row. */
export const takesRemoval = (held: Held, rev: Rev, generation: number): boolean =>
  held.generation < generation || compareRevs(rev, held.rev) >= 0;

/** The marker to keep after a leave or delete while a scope is not verified. */
export const laterMarker = (marker: Rev | null, rev: Rev): Rev =>
  marker && compareRevs(marker, rev) > 0 ? marker : rev;

/** Whether an overlay entry goes: a page at or past its receipt's log position was applied (SPEC 11.6). */
export const isSettled = (logSeq: number | null, pageSeq: number): boolean => logSeq !== null && pageSeq >= logSeq;
