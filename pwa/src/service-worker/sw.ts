/** Keeps the app's shell on the device, so that it opens with no network; it never caches data. */
import { createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import type { PrecacheEntry } from "workbox-precaching";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

const serverPaths = /^\/(auth|sync|features|health|openapi)/;

precacheAndRoute(self.__WB_MANIFEST);

const openShell = createHandlerBoundToURL("/index.html");
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.mode !== "navigate" || serverPaths.test(url.pathname)) return;
  event.respondWith(openShell({ event, request: event.request, url, params: [] }));
});
