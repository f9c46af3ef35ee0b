/** Shows thousands of rows of one height with only those near the view in the page. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useLater } from "./idle";

/** Above and below the window; they are drawn in an idle moment, so that the first paint waits for what can be seen alone. */
const SPARE_ROWS = 6;
const GUESSED_HEIGHT = 80;

/** What can be seen of a list, in pixels. */
interface View {
  /** Of the list above the window's top edge; negative when the list begins below it. */
  readonly above: number;
  readonly height: number;
  readonly rowHeight: number;
}

interface VirtualListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  label: string;
  children: (item: T, index: number) => ComponentChildren;
}

export function VirtualList<T>({ items, keyOf, label, children }: VirtualListProps<T>): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [view, see] = useState(atItsTop);
  // New items are drawn where the old ones stood: asking again would lay them out twice before they are painted.
  const isDrawn = useLater(items);
  const { above, height, rowHeight } = view;
  const { first, last } = slice(above, height, rowHeight, items.length, isDrawn ? SPARE_ROWS : 0);
  const look = (): void => {
    const now = (latest = measured(box.current, probe.current));
    see((old) => (showsTheSame(old, now) ? old : now));
  };
  useLayoutEffect(look, []);
  useEffect(() => {
    window.addEventListener("scroll", look, { capture: true, passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look, { capture: true });
      window.removeEventListener("resize", look);
    };
  }, []);
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

/** As last seen: the next list most likely looks like it, and one that does is laid out once. */
let latest: View | null = null;

const atItsTop = (): View =>
  latest === null ? { above: 0, height: window.innerHeight, rowHeight: GUESSED_HEIGHT } : { ...latest, above: Math.min(0, latest.above) };

/** Only the part of the window that the head and the dock of the screen leave. */
function measured(box: HTMLElement | null, probe: HTMLElement | null): View {
  const part = box?.closest(".body")?.getBoundingClientRect();
  const top = Math.max(0, part?.top ?? 0);
  const bottom = Math.min(window.innerHeight, part?.bottom ?? window.innerHeight);
  return { above: top - (box?.getBoundingClientRect().top ?? top), height: Math.max(0, bottom - top), rowHeight: probe?.offsetHeight || GUESSED_HEIGHT };
}

function showsTheSame(a: View, b: View): boolean {
  const [one, other] = [a, b].map(({ above, height, rowHeight }) => slice(above, height, rowHeight, Infinity, 0));
  return a.rowHeight === b.rowHeight && a.height === b.height && one?.first === other?.first && one?.last === other?.last;
}

/** `above`: pixels of the list above the window's top edge. A list that has become too short for that is seen at its end. */
export function slice(above: number, windowHeight: number, rowHeight: number, count: number, spare = SPARE_ROWS): { first: number; last: number } {
  const top = Math.min(above, Math.max(0, count * rowHeight - windowHeight));
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - spare));
  const last = Math.max(first, Math.min(count, Math.ceil((top + windowHeight) / rowHeight) + spare));
  return { first, last };
}
