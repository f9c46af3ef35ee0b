/** The client's rules by which a page is applied: which of two versions of a row stays (SPEC 11.6, 11.7, 12.2). */
import { type Rev, compareRevs } from "./digest";

/** A mirror row's place in time: the generation (resets so far) and its revision. */
export interface Held {
  readonly generation: number;
  readonly rev: Rev;
}

/** Where a row comes from: a pull's page tells the present, a snapshot's chunk may be older. */
export type Source = "page" | "chunk";

const compareHeld = (a: Held, b: Held): number => a.generation - b.generation || compareRevs(a.rev, b.rev);

/**
 * Whether a served row is written over what the mirror holds.
 * `marker` is the revision at which the row was seen to leave or be deleted while its scope was joining.
 */
export function takesUpsert(held: Held | null, marker: Rev | null, served: Held, source: Source): boolean {
  if (source === "chunk" && marker && compareRevs(served.rev, marker) < 0) return false;
  return held === null || compareHeld(served, held) >= 0;
}

/** Whether a served leave or delete removes what the mirror holds. */
export const takesRemoval = (held: Held, served: Held): boolean => compareHeld(served, held) >= 0;

/** The marker to keep after a leave or delete of this revision. */
export const laterMarker = (marker: Rev | null, rev: Rev): Rev =>
  marker && compareRevs(marker, rev) > 0 ? marker : rev;

/** Whether an overlay entry goes: a page at or past its receipt's log position was applied (SPEC 11.6). */
export const isSettled = (logSeq: number | null, pageSeq: number): boolean => logSeq !== null && pageSeq >= logSeq;
