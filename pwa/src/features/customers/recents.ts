/** Customers opened lately on this device, for the list's order: ids only, in memory of this session. */
import { signal } from "@preact/signals";

const opened = signal<ReadonlyMap<string, number>>(new Map());

/** When the customer was last opened (ms), or 0. */
export const openedAt = (pk: string): number => opened.value.get(pk) ?? 0;

export function rememberOpened(pk: string): void {
  opened.value = new Map([...opened.value, [pk, Date.now()]]);
}
