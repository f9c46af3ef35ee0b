/**
 * Shows what the company's server pushes, once: a browser takes the subscription away from an app that shows nothing, and a server
 * that was killed in the middle sends the same again.
 */
import { remember } from "./shown";

declare const self: ServiceWorkerGlobalScope;

/** Declarative Web Push: a browser that knows it shows this without us. */
export interface Pushed {
  readonly title: string;
  readonly body: string;
  readonly navigate: string;
  readonly tag: string;
  readonly lang: string;
}

/** What somebody sees of a push that cannot be read: that there is something. */
const UNREADABLE: Pushed = { title: "Baifang", body: "", navigate: "/inbox", tag: "", lang: "zh-Hant" };

export function pushedOf(text: string | undefined): Pushed {
  try {
    const { notification } = JSON.parse(text ?? "") as { notification: Partial<Pushed> };
    return { ...UNREADABLE, ...Object.fromEntries(Object.entries(notification).filter(([, value]) => typeof value === "string")) };
  } catch {
    return UNREADABLE;
  }
}

/** Only pages of ours are opened, whatever the push says. */
export function pathOf(navigate: string, origin: string): string {
  const url = new URL(navigate, origin);
  return url.origin === origin ? url.pathname + url.search : "/inbox";
}

export async function showPushed(text: string | undefined): Promise<void> {
  const { title, body, navigate, tag, lang } = pushedOf(text);
  const known = tag !== "" && !(await remember(tag).catch(() => true));
  const standing = known ? await self.registration.getNotifications({ tag }) : [];
  // Shown before and put away by the person: it does not come back.
  if (known && standing.length === 0) return;
  await self.registration.showNotification(title, { body, tag, lang, silent: known, icon: "/icons/192.png", badge: "/icons/192.png", data: pathOf(navigate, self.location.origin) });
}

/** Brings the app forward, or opens it; it comes out of the precache, also offline. */
export async function openFrom(notification: Notification): Promise<void> {
  notification.close();
  const path = String(notification.data ?? "/inbox");
  const [open] = await self.clients.matchAll({ type: "window" });
  if (open === undefined) return void (await self.clients.openWindow(path));
  open.postMessage({ type: "OPEN", path });
  await open.focus();
}

/** The browser renewed the subscription by itself: the server hears of it at once, and else at the next start. */
export async function renew(options: PushSubscriptionOptionsInit | undefined): Promise<void> {
  if (options === undefined) return;
  const { endpoint, keys } = (await self.registration.pushManager.subscribe(options)).toJSON();
  const body = JSON.stringify({ endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"] });
  await fetch("/reminders/v1/push", { method: "PUT", body, headers: { "X-Baifang": "1", "content-type": "application/json" } });
}
