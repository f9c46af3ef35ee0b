/**
 * The way back from a broken worker: served in the place of sw.js, it removes itself and every cache, and loads the
 * open pages again from the network. Databases are not touched: unsent work stays.
 */
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(remove()));

async function remove() {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  await self.registration.unregister();
  for (const page of await self.clients.matchAll({ type: "window" })) await page.navigate(page.url);
}
