/** Being reached while the app is closed: asked for by a tap, and mended at every start, since browsers drop subscriptions silently. */
import { pushPort, type PushFacts, type PushPort } from "./push-port";

/** A push service that cannot be reached never answers. */
const PATIENCE_MS = 10_000;

/** `denied`: the person or the browser said no, and only its own settings take that back. */
export type Reach = "unable" | "denied" | "off" | "on";

export const canPush = (): boolean => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

export function reachOf({ isSubscribed }: Pick<PushFacts, "isSubscribed">, isHere: boolean): Reach {
  if (!canPush()) return "unable";
  if (Notification.permission === "denied") return "denied";
  return isHere && isSubscribed && Notification.permission === "granted" ? "on" : "off";
}

const manager = async (): Promise<PushManager> => (await navigator.serviceWorker.ready).pushManager;

export const isHere = async (): Promise<boolean> => canPush() && (await (await manager()).getSubscription()) !== null;

/** Only from a tap: browsers ask the person once. Resolves with whether the device is reached now. */
export async function turnOn(publicKey: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await (await pushPort()).reachAt((await subscribed(publicKey)).toJSON());
  return true;
}

export async function turnOff(): Promise<void> {
  await forgetHere();
  await (await pushPort()).reachNoMore();
}

/** Whoever leaves this device must not be reminded on it; needs no network. */
export async function forgetHere(): Promise<void> {
  if (!canPush() || (await navigator.serviceWorker.getRegistration()) === undefined) return;
  await (await (await manager()).getSubscription())?.unsubscribe();
}

/** At every start: what the browser dropped, or what was made with another key, is made anew, and the server has what the browser has. */
export async function heal(given?: PushPort): Promise<void> {
  if (!canPush() || Notification.permission !== "granted") return;
  const port = given ?? (await pushPort());
  const { publicKey, isSubscribed } = await port.facts();
  if (publicKey === null || !(isSubscribed || (await isHere()))) return;
  await port.reachAt((await subscribed(publicKey)).toJSON());
}

async function subscribed(publicKey: string): Promise<PushSubscription> {
  const known = await (await manager()).getSubscription();
  if (known !== null && isMadeWith(known, publicKey)) return known;
  await known?.unsubscribe();
  const wanted = (await manager()).subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  return Promise.race([wanted, tooLong()]);
}

const tooLong = (): Promise<never> => new Promise((_resolve, reject) => setTimeout(() => reject(new DOMException("no push service", "TimeoutError")), PATIENCE_MS));

export function isMadeWith({ options }: Pick<PushSubscription, "options">, publicKey: string): boolean {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === publicKey;
}
