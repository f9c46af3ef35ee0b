/** Tells this tab and all others what the tab that syncs has found out. */
import { publishChange } from "../store/changes";
import { setStatus, status } from "../store/status";
import type { Store, SyncStatus } from "../store/types";

/** Says it once: nothing is sent when nothing changed. */
export function report(store: Store, patch: Partial<SyncStatus>): void {
  const keys = Object.keys(patch) as (keyof SyncStatus)[];
  if (keys.every((key) => status.value[key] === patch[key])) return;
  setStatus(patch);
  publishChange(store, { status: patch });
}
