/** Conflicts whose decision was taken back on this device before the server answered: they are shown again. */
import { signal } from "@preact/signals";

export const reopened = signal<ReadonlySet<string>>(new Set());

export function markReopened(pk: string, isReopened: boolean): void {
  const next = new Set(reopened.value);
  if (isReopened) next.add(pk);
  else next.delete(pk);
  reopened.value = next;
}
