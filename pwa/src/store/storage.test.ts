/** Asking the browser to keep what is here: its answer is known, also when it is no, or never comes. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { INITIAL_STATUS, setStatus, status } from "./status";
import { askToKeep } from "./storage";

beforeEach(() => setStatus(INITIAL_STATUS));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A browser that grants it or not, once it is asked. */
function browser(answer: Promise<boolean>): void {
  let isKept = false;
  const persist = () => answer.then((isGranted) => (isKept = isGranted));
  vi.stubGlobal("navigator", { storage: { persist, persisted: async () => isKept, estimate: async () => ({ usage: 1, quota: 2 }) } });
}

test("what the browser promised to keep counts as kept, what it refused does not", async () => {
  browser(Promise.resolve(true));
  await askToKeep();
  expect(status.value.storage).toMatchObject({ persistent: true, used: 1, quota: 2 });
  browser(Promise.resolve(false));
  await askToKeep();
  expect(status.value.storage.persistent).toBe(false);
});

test("a browser that never answers keeps nobody waiting, and has promised nothing", async () => {
  vi.useFakeTimers();
  browser(new Promise(() => {}));
  const asked = askToKeep();
  expect(status.value.storage.persistent).toBeNull();
  await vi.runAllTimersAsync();
  await asked;
  expect(status.value.storage).toMatchObject({ persistent: false, used: 1 });
});

test("a browser that knows of no such promise is asked for none", async () => {
  vi.stubGlobal("navigator", {});
  await askToKeep();
  expect(status.value.storage).toMatchObject({ persistent: false, used: null });
});
