/** What goes on behind the screens once the first one stands: sync, and the lists that Today does not show. */
import type { Store } from "../store";
import { keepConflicts } from "../features/conflicts/queries";
import { keepPeople } from "../features/people/queries";
import { isConnectionLost } from "../store/steady";
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
  void takeLeft(store);
  const loop = startSync(store, makeHttp(contactReporter(store)));
  return {
    retry: () => void loop.syncNow(),
    stop: () => {
      loop.stop();
      stops.forEach((stop) => stop());
    },
  };
}

/** Photos that a page was making small when it was killed; the code comes only where there are any. */
async function takeLeft(store: Store): Promise<void> {
  try {
    if ((await store.db.picked.count()) > 0) await (await import("../features/interactions/left-photos")).takeLeftPhotos(store);
  } catch (error) {
    // Whoever left, or cannot fetch the code, finds them at the next start.
    if (!store.closed && !isConnectionLost(error)) throw error;
  }
}
