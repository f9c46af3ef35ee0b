/** The browser took the database away under the open app: this device begins anew, with what is still in this page's memory (I26). */
import { hearAllNow, publishChange } from "./changes";
import { rewriteDrafts } from "./drafts";
import { setStatus, status } from "./status";
import type { Store } from "./types";

/** For whoever made it anew: all other tabs hear of it, too. */
export function noteEvicted(store: Store): void {
  publishChange(store, { evicted: true });
}

/** Puts the drafts of this page back, and tells the screens what is gone. `status.evicted` stays until the person has seen it. */
export function beginAnew(store: Store): void {
  setStatus({ evicted: (status.value.evicted ?? 0) + status.value.waiting, waiting: 0, bootstrapped: false });
  rewriteDrafts(store);
  hearAllNow(store);
}
