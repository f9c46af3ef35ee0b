/** What goes on behind the screens once the first one stands: sync, and the lists that Today does not show. */
import { effect } from "@preact/signals";
import { status, type Store } from "../store";
import { keepConflicts } from "../features/conflicts/queries";
import { keepPeople } from "../features/people/queries";
import { watchOffers } from "../features/interactions/offer";
import { connectPush } from "../features/reminders/push-port";
import { keepNotices, unread } from "../features/reminders/queries";
import { navigate } from "../ui/index";
import { isConnectionLost } from "../store/steady";
import { askToKeep } from "../store/storage";
import { contactReporter, makeHttp, startSync } from "../transport";

export interface Background {
  /** Starts a sync pass at once. */
  retry(): void;
  stop(): void;
}

export function startBackground(store: Store): Background {
  const stops = [keepPeople, keepConflicts, keepNotices, keepAppBadge, openFromPush, watchOffers].map((begin) => begin(store));
  void askToKeep();
  void takeLeft(store);
  connectPush(() => import("./push-port").then((code) => code.pushPort));
  // Without the network, or where the browser has no push service today, the next start mends it.
  import("../features/reminders/push").then(({ heal }) => heal()).catch(() => undefined);
  const loop = startSync(store, makeHttp(contactReporter(store)));
  return {
    retry: () => void loop.syncNow(),
    stop: () => {
      loop.stop();
      stops.forEach((stop) => stop());
    },
  };
}

/** A tapped notification leads to its screen; the page is not loaded anew, for something may be half typed. */
function openFromPush(): () => void {
  const open = ({ data }: MessageEvent): void => {
    const { type, path } = (data ?? {}) as { type?: unknown; path?: unknown };
    if (type === "OPEN" && typeof path === "string") navigate(path);
  };
  navigator.serviceWorker?.addEventListener("message", open);
  return () => navigator.serviceWorker?.removeEventListener("message", open);
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
