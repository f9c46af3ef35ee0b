/** Shows thousands of rows of one height with only those near the view in the page. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Above and below the window; they are drawn after the first paint, which waits for what can be seen alone. */
const SPARE_ROWS = 6;
const GUESSED_HEIGHT = 80;

interface VirtualListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  label: string;
  children: (item: T, index: number) => ComponentChildren;
}

export function VirtualList<T>({ items, keyOf, label, children }: VirtualListProps<T>): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [{ first, last, rowHeight }, show] = useState(() => ({ ...slice(0, window.innerHeight, GUESSED_HEIGHT, items.length, 0), rowHeight: GUESSED_HEIGHT }));
  const look = (spare: number): void => {
    const next = visible(box.current, probe.current, items.length, spare);
    show((old) => (old.first === next.first && old.last === next.last && old.rowHeight === next.rowHeight ? old : next));
  };
  useLayoutEffect(() => look(0), [items.length]);
  useEffect(() => {
    const follow = (): void => look(SPARE_ROWS);
    follow();
    window.addEventListener("scroll", follow, { capture: true, passive: true });
    window.addEventListener("resize", follow);
    return () => {
      window.removeEventListener("scroll", follow, { capture: true });
      window.removeEventListener("resize", follow);
    };
  }, [items.length]);
  const shown = items.slice(first, last);
  return (
    <div class="window" ref={box} style={{ height: `${items.length * rowHeight}px` }}>
      <span class="probe" ref={probe} aria-hidden="true" />
      <ul class="slice" aria-label={label} style={{ transform: `translateY(${first * rowHeight}px)` }}>
        {shown.map((item, at) => (
          <li key={keyOf(item)} aria-setsize={items.length} aria-posinset={first + at + 1}>
            {children(item, first + at)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Rows whose place overlaps the window, with `spare` more on both sides. */
function visible(box: HTMLElement | null, probe: HTMLElement | null, count: number, spare: number): { first: number; last: number; rowHeight: number } {
  const rowHeight = probe?.offsetHeight || GUESSED_HEIGHT;
  const top = box?.getBoundingClientRect().top ?? 0;
  return { ...slice(-top, window.innerHeight, rowHeight, count, spare), rowHeight };
}

/** `above`: pixels of the list above the window's top edge; negative when the list begins below it. */
export function slice(above: number, windowHeight: number, rowHeight: number, count: number, spare = SPARE_ROWS): { first: number; last: number } {
  const first = Math.max(0, Math.min(count, Math.floor(above / rowHeight) - spare));
  const last = Math.max(first, Math.min(count, Math.ceil((above + windowHeight) / rowHeight) + spare));
  return { first, last };
}
