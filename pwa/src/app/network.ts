/** The transport is fetched after the first screen is up: offline nothing waits for it, and it comes out of the precache. */
import type { Http, SyncLoop } from "../transport";
import { setStatus } from "../store/status";
import type { Store } from "../store";

type Transport = typeof import("../transport");

const RETRY_MS = 5000;

export const transport = (): Promise<Transport> => import("../transport");

/** For sign-in and devices, when no store's status is to be kept. */
export const plainHttp = ({ makeHttp }: Transport): Http => makeHttp((reached) => setStatus({ offline: !reached }));

export interface Sync {
  readonly retry: () => void;
  readonly stop: () => void;
}

/** Starts syncing as soon as the transport is here; while it cannot be fetched, the work waits on the device as always. */
export function startWhenHere(store: Store): Sync {
  let loop: SyncLoop | null = null;
  let stopped = false;
  const begin = async (): Promise<void> => {
    const { contactReporter, makeHttp, startSync } = await transport();
    if (!stopped) loop = startSync(store, makeHttp(contactReporter(store)));
  };
  const tryBegin = (): void => {
    begin().catch(() => {
      setStatus({ offline: true });
      if (!stopped) setTimeout(tryBegin, RETRY_MS);
    });
  };
  // In a task of its own: the screen that is about to be drawn comes first.
  setTimeout(tryBegin);
  return {
    retry: () => void loop?.syncNow(),
    stop: () => {
      stopped = true;
      loop?.stop();
    },
  };
}
