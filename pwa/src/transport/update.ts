/** Brings a new version in when the person says so: the old one keeps running until then (ux: updates). */
import { setStatus } from "../store/status";

const CHECK_MS = 3600_000;

let waiting: ServiceWorker | null = null;

/** Registers the worker and watches for a newer one; `status.updateReady` tells. A browser without workers is no error. */
export async function watchUpdates(): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return;
  const registration = await container.register("/sw.js");
  offer(registration);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => offer(registration));
  });
  setInterval(() => void registration.update().catch(ignoreOffline), CHECK_MS);
}

/** Being offline is no reason to speak up here; the next check comes in an hour. */
function ignoreOffline(error: unknown): void {
  if (!(error instanceof TypeError)) throw error;
}

function offer({ waiting: ready }: ServiceWorkerRegistration): void {
  // The very first worker replaces nothing, so there is nothing to ask.
  if (!ready || !navigator.serviceWorker.controller) return;
  waiting = ready;
  setStatus({ updateReady: true });
}

/** The person said yes. `save` writes drafts down; then the new version takes over and the page loads once more. */
export async function applyUpdate(save: () => Promise<void>): Promise<void> {
  if (!waiting) return;
  await save();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage({ type: "SKIP_WAITING" });
}
