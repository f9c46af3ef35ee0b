/** Shows thousands of rows of one height with only those near the view in the page. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

const SPARE_ROWS = 6;

interface VirtualListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  label: string;
  children: (item: T, index: number) => ComponentChildren;
}

export function VirtualList<T>({ items, keyOf, label, children }: VirtualListProps<T>): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [{ first, last, rowHeight }, show] = useState({ first: 0, last: 20, rowHeight: 80 });
  useLayoutEffect(() => {
    const look = (): void => {
      const next = visible(box.current, probe.current, items.length);
      show((old) => (old.first === next.first && old.last === next.last && old.rowHeight === next.rowHeight ? old : next));
    };
    look();
    window.addEventListener("scroll", look, { capture: true, passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look, { capture: true });
      window.removeEventListener("resize", look);
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

/** Rows whose place overlaps the window, with some spare on both sides. */
function visible(box: HTMLElement | null, probe: HTMLElement | null, count: number): { first: number; last: number; rowHeight: number } {
  const rowHeight = probe?.offsetHeight || 80;
  const top = box?.getBoundingClientRect().top ?? 0;
  return { ...slice(-top, window.innerHeight, rowHeight, count), rowHeight };
}

/** `above`: pixels of the list above the window's top edge; negative when the list begins below it. */
export function slice(above: number, windowHeight: number, rowHeight: number, count: number): { first: number; last: number } {
  const first = Math.max(0, Math.min(count, Math.floor(above / rowHeight) - SPARE_ROWS));
  const last = Math.max(first, Math.min(count, Math.ceil((above + windowHeight) / rowHeight) + SPARE_ROWS));
  return { first, last };
}
