/** Whatever talks to the server is fetched after the first screen is up: offline nothing waits for it, and it comes out of the precache. */
import type { Http } from "../transport";
import { setStatus } from "../store/status";
import { currentPerson, knownPeople, type Store } from "../store";
import type { Background } from "./background";
import { firstScreen } from "./first-screen";

type Transport = typeof import("../transport");

const RETRY_MS = 5000;

export const transport = (): Promise<Transport> => import("../transport");

/** New versions of the app; nobody waits for that before the first screen. */
export const updates = (): Promise<typeof import("../transport/update")> => import("../transport/update");

/** For sign-in and devices, when no store's status is to be kept. */
export const plainHttp = ({ makeHttp }: Transport): Http => makeHttp((reached) => setStatus({ offline: !reached }));

/** Starts syncing as soon as its code is here; while it cannot be fetched, the work waits on the device as always. */
export function startWhenHere(store: Store): Background {
  let running: Background | null = null;
  let stopped = false;
  const begin = async (): Promise<void> => {
    const { startBackground } = await import("./background");
    if (!stopped) running = startBackground(store);
  };
  const tryBegin = (): void => {
    begin().catch(() => {
      setStatus({ offline: true });
      if (!stopped) setTimeout(tryBegin, RETRY_MS);
    });
  };
  void firstScreen().then(tryBegin);
  return {
    retry: () => running?.retry(),
    stop: () => {
      stopped = true;
      running?.stop();
    },
  };
}

/** From here on what is sealed on this device is delivered, if it is anybody's: at the start, and whenever a person gives way to another. */
export function deliverSealed(): void {
  if (knownPeople().every(({ id }) => id === currentPerson()?.id)) return;
  import("./sealed").then(({ watchSealed }) => watchSealed(), () => setTimeout(deliverSealed, RETRY_MS));
}
