/**
 * Keeps the app's shell on the device, so that it opens with no network. It caches what the build lists and nothing else,
 * and a new version waits until the person agrees: taking over by itself would pull the code from under an open form.
 */
import { createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import type { PrecacheEntry } from "workbox-precaching";
import { openFrom, renew, showPushed } from "./push";
import { opensShell } from "./routes";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

precacheAndRoute(self.__WB_MANIFEST);

const openShell = createHandlerBoundToURL("/index.html");
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || !opensShell(request.mode, url.pathname)) return;
  event.respondWith(openShell({ event, request, url, params: [] }));
});

self.addEventListener("message", ({ data }) => {
  if ((data as { type?: unknown } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});

self.addEventListener("push", (event) => event.waitUntil(showPushed(event.data?.text())));
self.addEventListener("notificationclick", (event) => event.waitUntil(openFrom(event.notification)));
self.addEventListener("pushsubscriptionchange", (event) => {
  const { oldSubscription } = event as Event & { oldSubscription?: PushSubscription };
  (event as ExtendableEvent).waitUntil(renew(oldSubscription?.options));
});
