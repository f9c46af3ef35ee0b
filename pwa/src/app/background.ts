/** What goes on behind the screens once the first one stands: sync, and the lists that Today does not show. */
import type { Store } from "../store";
import { keepConflicts } from "../features/conflicts/queries";
import { keepPeople } from "../features/people/queries";
import { askToKeep } from "../store/storage";
import { contactReporter, makeHttp, startSync } from "../transport";

export interface Background {
  /** Starts a sync pass at once. */
  retry(): void;
  stop(): void;
}

export function startBackground(store: Store): Background {
  const stops = [keepPeople, keepConflicts].map((begin) => begin(store));
  void askToKeep();
  const loop = startSync(store, makeHttp(contactReporter(store)));
  return {
    retry: () => void loop.syncNow(),
    stop: () => {
      loop.stop();
      stops.forEach((stop) => stop());
    },
  };
}
