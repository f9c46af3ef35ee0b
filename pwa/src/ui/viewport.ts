/** Measures the window in the person's own rem, so that a larger text size is laid out like a smaller screen. */
import { computed, signal } from "@preact/signals";

/** narrow: 320 px at 200 % · phone · rail: from 600 px · split: list and detail from 840 px. */
export type Width = "narrow" | "phone" | "rail" | "split";
/** tiny: under 30 rem · short: under 43 rem (360x640). */
export type Height = "tiny" | "short" | "tall";

const size = signal<{ width: Width; height: Height }>({ width: "phone", height: "tall" });

export const width = computed(() => size.value.width);
/** The rail replaces the tabs. */
export const hasRail = computed(() => width.value === "rail" || width.value === "split");
export const isSplit = computed(() => width.value === "split");

/** As an app of its own, from the home screen. */
export const isInstalled = (): boolean => window.matchMedia("(display-mode: standalone)").matches;

/** Starts measuring; the result also stands on the root element, where the styles read it. */
export function watchViewport(): void {
  measure();
  window.addEventListener("resize", measure);
  window.visualViewport?.addEventListener("resize", aboveKeyboard);
  window.visualViewport?.addEventListener("scroll", aboveKeyboard);
  new MutationObserver(measure).observe(document.documentElement, { attributeFilter: ["data-size", "data-theme"] });
}

function measure(): void {
  const root = document.documentElement;
  const rem = Number.parseFloat(getComputedStyle(root).fontSize);
  const next = { width: widthOf(window.innerWidth / rem), height: heightOf(window.innerHeight / rem) };
  root.dataset["width"] = next.width;
  root.dataset["height"] = next.height;
  if (next.width !== size.value.width || next.height !== size.value.height) size.value = next;
}

/** `rems`: the window's width divided by the root font size. */
export function widthOf(rems: number): Width {
  if (rems <= 20) return "narrow";
  if (rems < 37.5) return "phone";
  return rems < 52.5 ? "rail" : "split";
}

export function heightOf(rems: number): Height {
  if (rems <= 30) return "tiny";
  return rems <= 43 ? "short" : "tall";
}

/** iOS lays the keyboard over the page; a sheet reads these two to keep Save above it. */
function aboveKeyboard(): void {
  const view = window.visualViewport;
  if (view === null) return;
  const style = document.documentElement.style;
  const covered = window.innerHeight - view.height - view.offsetTop;
  style.setProperty("--view-height", `${view.height}px`);
  style.setProperty("--view-below", `${Math.max(0, covered)}px`);
}
