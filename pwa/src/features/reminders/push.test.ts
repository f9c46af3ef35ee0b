/** Being reached while the app is closed: mended at every start, and only where the person asked for it. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetHere, heal, isMadeWith, reachOf } from "./push";
import type { PushFacts, PushPort } from "./push-port";

const KEY = "BAEC";
const bytes = new Uint8Array([4, 1, 2]).buffer;

/** What the browser holds, and everything that was asked of it and of the server. */
let held: { made: ArrayBuffer } | null = null;
let done: string[] = [];

const subscription = (made: ArrayBuffer) => ({
  options: { applicationServerKey: made },
  toJSON: () => ({ endpoint: "https://push" }),
  unsubscribe: () => Promise.resolve(void (done.push("unsubscribed"), (held = null))),
});

const pushManager = {
  getSubscription: () => Promise.resolve(held && subscription(held.made)),
  subscribe: () => Promise.resolve(void done.push("subscribed")).then(() => subscription((held = { made: bytes }).made)),
};

const port = (facts: Partial<PushFacts>): PushPort => ({
  facts: () => Promise.resolve({ publicKey: KEY, isSubscribed: false, succeededAt: null, failedAt: null, error: null, ...facts }),
  reachAt: () => Promise.resolve(void done.push("told")),
  reachNoMore: () => Promise.resolve(),
  tryReach: () => Promise.resolve(),
});

beforeEach(() => {
  [held, done] = [null, []];
  const serviceWorker = { ready: Promise.resolve({ pushManager }), getRegistration: () => Promise.resolve({}) };
  vi.stubGlobal("navigator", { serviceWorker });
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("Notification", { permission: "granted" });
});

afterEach(() => vi.unstubAllGlobals());

test("what the browser dropped is made anew", async () => {
  await heal(port({ isSubscribed: true }));
  expect(done).toEqual(["subscribed", "told"]);
});

test("what the server lost is told again", async () => {
  held = { made: bytes };
  await heal(port({}));
  expect(done).toEqual(["told"]);
});

test("what was made with a former key is made with the new one", async () => {
  held = { made: new Uint8Array([9]).buffer };
  await heal(port({ isSubscribed: true }));
  expect(done).toEqual(["unsubscribed", "subscribed", "told"]);
});

test("nobody is subscribed who did not ask for it, or may not be asked", async () => {
  await heal(port({}));
  await heal(port({ publicKey: null, isSubscribed: true }));
  vi.stubGlobal("Notification", { permission: "default" });
  await heal(port({ isSubscribed: true }));
  expect(done).toEqual([]);
});

test("whoever leaves the device is reached there no more", async () => {
  held = { made: bytes };
  await forgetHere();
  expect([held, done]).toEqual([null, ["unsubscribed"]]);
});

test("a key is known by its bytes", () => {
  const made = { options: { userVisibleOnly: true, applicationServerKey: new Uint8Array([251, 255, 254]).buffer } };
  expect([isMadeWith(made, "-__-"), isMadeWith(made, "AAAA")]).toEqual([true, false]);
});

test("a device is reached when both sides say so", () => {
  expect([reachOf({ isSubscribed: true }, true), reachOf({ isSubscribed: true }, false), reachOf({ isSubscribed: false }, true)]).toEqual(["on", "off", "off"]);
  vi.stubGlobal("Notification", { permission: "denied" });
  expect(reachOf({ isSubscribed: true }, true)).toBe("denied");
});
