/** What goes on behind the screens once the first one stands: sync, and the lists that Today does not show. */
import { effect } from "@preact/signals";
import { status, type Store } from "../store";
import { keepConflicts } from "../features/conflicts/queries";
import { keepPeople } from "../features/people/queries";
import { watchOffers } from "../features/interactions/offer";
import { keepNotices, unread } from "../features/reminders/queries";
import { isConnectionLost } from "../store/steady";
import { askToKeep } from "../store/storage";
import { contactReporter, makeHttp, startSync } from "../transport";

export interface Background {
  /** Starts a sync pass at once. */
  retry(): void;
  stop(): void;
}

export function startBackground(store: Store): Background {
  const stops = [keepPeople, keepConflicts, keepNotices, keepAppBadge, watchOffers].map((begin) => begin(store));
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

/** The installed app's icon counts what waits for this person, where it can. */
function keepAppBadge(): () => void {
  if (!("setAppBadge" in navigator)) return () => undefined;
  const stop = effect(() => void navigator.setAppBadge(status.value.needsYou + unread.value).catch(() => undefined));
  return () => {
    stop();
    void navigator.clearAppBadge().catch(() => undefined);
  };
}

/** Photos that a page was making small when it was killed. Each reason why one is not in its draft is said; whoever left finds them at the next start. */
async function takeLeft(store: Store): Promise<void> {
  const failed = await leftPhotos(store).catch((error: unknown) => [error]);
  for (const error of failed) if (!store.closed && !isConnectionLost(error)) void Promise.reject(error);
}

/** The code comes only where there are any; whoever cannot fetch it finds them at the next start. */
async function leftPhotos(store: Store): Promise<unknown[]> {
  if ((await store.db.picked.count()) === 0) return [];
  const code = await import("../features/interactions/left-photos").catch(() => null);
  return code === null ? [] : code.takeLeftPhotos(store);
}
