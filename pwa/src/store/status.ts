/** One truth about sync for every tab: the tab that syncs tells the others (product promise 4). */
import { signal } from "@preact/signals";
import type { SyncStatus } from "./types";

export const INITIAL_STATUS: SyncStatus = {
  phase: "idle",
  waiting: 0,
  oldestWaitingAt: null,
  needsYou: 0,
  lastSyncAt: null,
  offline: false,
  error: null,
  storage: { used: null, quota: null, persistent: null, full: false },
  updateReady: false,
  sessionExpired: false,
  bootstrapped: false,
  downloadedRows: 0,
  notBackedUp: 0,
  isJournalFull: false,
  evicted: null,
};

export const status = signal<SyncStatus>(INITIAL_STATUS);

/** Changes this tab's status alone. */
export function setStatus(patch: Partial<SyncStatus>): void {
  status.value = { ...status.value, ...patch };
}
