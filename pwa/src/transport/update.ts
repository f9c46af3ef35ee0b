/** Brings a new version in when the person says so; the old one keeps running until then. */
import { setStatus } from "../store/status";

const WORKER = "/sw.js";
const CHECK_MS = 3600_000;

let waiting: ServiceWorker | null = null;

/**
 * Registers the worker and watches for a newer one; `status.updateReady` tells. `save` writes drafts down before a page
 * loads anew. A browser without workers is no error: there the app runs, but does not start offline.
 */
export async function watchUpdates(save: () => Promise<void>): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return;
  reloadOnChange(container, save);
  const registration = await container.register(WORKER);
  offer(registration);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => offer(registration));
  });
  setInterval(() => void registration.update().catch(ignoreOffline), CHECK_MS);
}

/** Every tab loads anew, once, when the person agreed in one of them: old code must not run beside the new cache. */
function reloadOnChange(container: ServiceWorkerContainer, save: () => Promise<void>): void {
  // The very first worker changes nothing for a page that came from the network.
  if (!container.controller) return;
  container.addEventListener("controllerchange", () => {
    if (!container.controller) return bringBack(container);
    // What could not be written down is in this page's memory alone.
    void save().then(() => location.reload());
  });
}

/** The browser took the worker away with all else: it is fetched again, beside what this page is doing, so that the next start needs no network. */
function bringBack(container: ServiceWorkerContainer): void {
  const register = (): void => void container.register(WORKER).catch(ignoreOffline);
  addEventListener("online", register);
  register();
}

/** Being offline is no reason to speak up here; the next check comes in an hour. */
function ignoreOffline(error: unknown): void {
  if (!(error instanceof TypeError)) throw error;
}

function offer({ waiting: ready }: ServiceWorkerRegistration): void {
  if (!ready || !navigator.serviceWorker.controller) return;
  waiting = ready;
  setStatus({ updateReady: true });
}

/** The person said yes: the new version takes over, and `watchUpdates` does the rest. */
export const applyUpdate = (): void => waiting?.postMessage({ type: "SKIP_WAITING" });
