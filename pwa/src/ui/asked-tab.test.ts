/** A tab is marked before its screen is drawn, and the last tap decides. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askedTab, askFor } from "./asked-tab";
import { here, navigate } from "./location";

let frames: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal("history", { pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("requestAnimationFrame", (work: () => void) => frames.push(work));
  vi.stubGlobal("cancelAnimationFrame", (frame: number) => (frames[frame - 1] = () => undefined));
  navigate("/");
  draw();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function draw(): void {
  frames.splice(0).forEach((frame) => frame());
  vi.runAllTimers();
}

const seen = (): [tab: string | null, screen: string] => [askedTab.value, here.value.path];

test("a tapped tab is marked at once, and its screen comes after the next frame", () => {
  askFor("/customers");
  expect(seen()).toEqual(["/customers", "/"]);
  draw();
  expect(seen()).toEqual([null, "/customers"]);
});

test("of two quick taps the last one decides", () => {
  askFor("/customers");
  askFor("/me");
  draw();
  expect(seen()).toEqual([null, "/me"]);
});

test("who went elsewhere before the frame stays there", () => {
  askFor("/customers");
  navigate("/me/sync");
  expect(seen()).toEqual([null, "/me/sync"]);
  draw();
  expect(here.value.path).toBe("/me/sync");
});
