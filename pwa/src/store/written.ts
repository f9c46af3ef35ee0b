/** Counts an act the moment it is on the disk: while a count that knows of it is still being read, the screen must not say that all is sent. */
import type { Meta } from "./meta";
import { setStatus, status } from "./status";
import type { Store } from "./types";

/** How far the numbering of one device had come; a fork begins another. */
export type Numbered = Pick<Meta, "device" | "lastSeq">;

interface Known {
  written?: Numbered;
  counted?: Numbered;
}

const known = new WeakMap<Store, Known>();

function knownOf(store: Store): Known {
  const found = known.get(store) ?? {};
  known.set(store, found);
  return found;
}

const reaches = (one: Numbered | undefined, other: Numbered): boolean => one?.device === other.device && one.lastSeq >= other.lastSeq;

/** An act was written, its last entry with this number: it waits, unless the count on the screen knows of it already. */
export function countWritten(store: Store, now: Numbered): void {
  const { written, counted } = knownOf(store);
  if (!reaches(written, now)) knownOf(store).written = now;
  if (reaches(counted, now)) return;
  const { waiting, oldestWaitingAt } = status.value;
  setStatus({ waiting: waiting + 1, oldestWaitingAt: oldestWaitingAt ?? Date.now() });
}

/** Whether a count may be shown: not when it was begun before the last act was written. */
export function isLevel(store: Store, { device, lastSeq }: Numbered): boolean {
  const { written } = knownOf(store);
  if (written?.device === device && lastSeq < written.lastSeq) return false;
  knownOf(store).counted = { device, lastSeq };
  return true;
}
