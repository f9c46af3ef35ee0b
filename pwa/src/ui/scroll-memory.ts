/** Remembers how far each history entry was scrolled, and puts it back once the content is there again. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { entryKey } from "./location";

const positions = new Map<string, number>();
const GIVE_UP_MS = 2000;
/** How far the page itself was scrolled when it last moved: asking it would lay out a screen that is still being built. */
let pageTop = 0;

/** For the scrolling `<main>` of a screen; `name` separates two scrolling parts of one screen. */
export function useScrollMemory<E extends HTMLElement>(name: string): preact.RefObject<E | null> {
  const element = useRef<E>(null);
  const placed = useRef<E>(null);
  const key = `${entryKey.value} ${name}`;
  useLayoutEffect(() => {
    const part = element.current;
    if (part === null) return undefined;
    const top = positions.get(key) ?? 0;
    // A new part stands at its top by itself.
    const isThere = top === 0 && pageTop === 0 && placed.current !== part;
    placed.current = part;
    const stop = isThere ? () => undefined : restore(part, top);
    const remember = (): void => {
      pageTop = page().scrollTop;
      positions.set(key, part.scrollTop + pageTop);
    };
    window.addEventListener("scroll", remember, { capture: true, passive: true });
    return () => {
      stop();
      window.removeEventListener("scroll", remember, { capture: true });
    };
  }, [key]);
  return element;
}

/** In short windows the page scrolls instead of the part; the other one then stands at 0. */
const page = (): HTMLElement => document.scrollingElement as HTMLElement;

const offset = (part: HTMLElement): number => part.scrollTop + page().scrollTop;

function scrollTo(part: HTMLElement, top: number): boolean {
  part.scrollTop = top;
  if (part.scrollTop === 0) page().scrollTop = top;
  return Math.abs(offset(part) - top) < 1;
}

/** Rows come from the database a moment later: tries again as the content grows, until the person scrolls. */
function restore(part: HTMLElement, top: number): () => void {
  if (scrollTo(part, top)) return () => undefined;
  const retry = (): void => {
    if (scrollTo(part, top)) stop();
  };
  const watcher = new MutationObserver(retry);
  const timer = setTimeout(() => stop(), GIVE_UP_MS);
  const stop = (): void => {
    clearTimeout(timer);
    watcher.disconnect();
    part.removeEventListener("pointerdown", stop);
  };
  watcher.observe(part, { childList: true, subtree: true, attributes: true, attributeFilter: ["style"] });
  part.addEventListener("pointerdown", stop);
  return stop;
}
