/** Where Back leads, also while the browser has not been told of the screen that is shown; and work that waits for a paint. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenPainted } from "./idle";
import { goBack, here, navigate, startLocation } from "./location";

/** As a browser keeps its entries: Back and Forward tell the page afterwards. */
class FakeHistory {
  scrollRestoration = "auto";
  entries: { state: unknown; url: string }[] = [{ state: null, url: "/" }];
  at = 0;

  constructor(private readonly page: { onpopstate: (event: { state: unknown }) => void; location: { pathname: string; search: string } }) {}

  get state(): unknown {
    return this.entries[this.at]!.state;
  }

  replaceState(state: unknown, _: string, url = this.entries[this.at]!.url): void {
    this.entries[this.at] = { state, url };
    this.show();
  }

  pushState(state: unknown, _: string, url: string): void {
    this.entries = [...this.entries.slice(0, this.at + 1), { state, url }];
    this.at += 1;
    this.show();
  }

  readonly back = (): void => this.go(-1);
  readonly forward = (): void => this.go(1);

  private go(by: number): void {
    this.at += by;
    this.show();
    this.page.onpopstate({ state: this.state });
  }

  private show(): void {
    const [pathname = "/", search = ""] = this.entries[this.at]!.url.split(/(?=\?)/);
    Object.assign(this.page.location, { pathname, search });
  }
}

const page = { onpopstate: (_: { state: unknown }): void => undefined, location: { pathname: "/", search: "" } };
let frames: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  const listen = (kind: string, listener: (event: { state: unknown }) => void): void => {
    if (kind === "popstate") page.onpopstate = listener;
  };
  vi.stubGlobal("window", { addEventListener: listen, location: page.location });
  vi.stubGlobal("document", { addEventListener: () => undefined });
  vi.stubGlobal("history", new FakeHistory(page));
  vi.stubGlobal("requestAnimationFrame", (work: () => void) => frames.push(work));
  vi.stubGlobal("cancelAnimationFrame", (frame: number) => (frames[frame - 1] = () => undefined));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function settle(): void {
  frames.splice(0).forEach((draw) => draw());
  vi.runAllTimers();
}

function walk(...addresses: string[]): void {
  startLocation();
  for (const to of addresses) {
    navigate(to);
    settle();
  }
}

test("Back from a screen that the browser does not know yet leads to the one below it", () => {
  walk("/customers", "/me");
  navigate("/me/sync");
  history.back();
  settle();
  expect([here.value.path, page.location.pathname]).toEqual(["/me", "/me"]);
  history.back();
  expect(here.value.path).toBe("/customers");
});

test("Back from a screen that the browser knows, and Forward, lead where they always did", () => {
  walk("/customers", "/me");
  history.back();
  expect(here.value.path).toBe("/customers");
  history.forward();
  expect(here.value.path).toBe("/me");
  navigate("/me/sync");
  goBack("/");
  settle();
  expect([here.value.path, page.location.pathname]).toEqual(["/me", "/me"]);
});

test("what waits for a paint is done once, though the frame comes late, and not at all when it is called off", () => {
  const work = vi.fn();
  whenPainted(work);
  vi.advanceTimersByTime(500);
  settle();
  expect(work).toHaveBeenCalledTimes(1);
  whenPainted(work)();
  settle();
  expect(work).toHaveBeenCalledTimes(1);
});
