/** How this device likes to look: theme, text size, hand, language. `public/first-paint.js` reads the same record before the first paint. */
import { effect, signal } from "@preact/signals";
import type { Language } from "../i18n/index";

export const themes = ["auto", "light", "dark", "sunlight"] as const;
export const textSizes = ["100", "115", "130", "150", "200"] as const;
export type Theme = (typeof themes)[number];
export type TextSize = (typeof textSizes)[number];
export type Hand = "right" | "left";

export interface Look {
  readonly theme: Theme;
  readonly size: TextSize;
  readonly hand: Hand;
  /** Null: as the browser prefers. */
  readonly language: Language | null;
}

const KEY = "baifang.look";
const plain: Look = { theme: "auto", size: "100", hand: "right", language: null };

export const look = signal<Look>(plain);

/** Reads the record, then keeps the page and the record in step with it. */
export function startLook(): void {
  look.value = { ...plain, ...stored() };
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  effect(() => apply(look.value, dark.matches));
  dark.addEventListener("change", () => apply(look.value, dark.matches));
}

export function changeLook(change: Partial<Look>): void {
  look.value = { ...look.value, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(look.value));
  } catch (error) {
    // Storage may be off or full: the choice then lasts until the app is closed.
    if (!(error instanceof DOMException)) throw error;
  }
}

function stored(): Partial<Look> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Look>;
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return {};
    throw error;
  }
}

function apply(now: Look, prefersDark: boolean): void {
  const root = document.documentElement;
  root.dataset["theme"] = now.theme === "auto" ? (prefersDark ? "dark" : "light") : now.theme;
  root.dataset["size"] = now.size;
  root.dataset["hand"] = now.hand;
  const bar = getComputedStyle(root).getPropertyValue("--bg").trim();
  if (bar !== "") document.querySelector("meta[name=theme-color]")?.setAttribute("content", bar);
}
