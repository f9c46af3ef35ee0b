/** Puts work off until nothing else is going on, so that no tap has to wait for it. */
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

const LATEST_MS = 1000;

/** Safari knows no such moment and gets a pause instead. Returns how to call the work off. */
export function whenIdle(work: () => void): () => void {
  if (globalThis.requestIdleCallback === undefined) {
    const timer = setTimeout(work, LATEST_MS / 2);
    return () => clearTimeout(timer);
  }
  const handle = globalThis.requestIdleCallback(work, { timeout: LATEST_MS });
  return () => globalThis.cancelIdleCallback(handle);
}

/** Whether `what` is on the screen and nothing else goes on: the time to draw what cannot be seen of it yet. */
export function useLater(what: unknown): boolean {
  const [drawn, tell] = useState<{ what: unknown } | null>(null);
  useEffect(() => whenIdle(() => tell({ what })), [what]);
  return drawn !== null && drawn.what === what;
}

/** A window that is not drawn has no frames. */
const FRAME_MS = 500;

/** Does it in a task of its own, after what is to be drawn now. Returns how to call the work off. */
export function whenPainted(work: () => void): () => void {
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(work);
  });
  // A frame that comes later all the same must not do it again.
  let timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    work();
  }, FRAME_MS);
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
}

/** `value` one frame late: the control that changed it is drawn first, and what takes longer to draw follows. */
export function useFrameLater<T>(value: T): T {
  const [late, follow] = useState({ value });
  useLayoutEffect(() => (value === late.value ? undefined : whenPainted(() => follow({ value }))), [value]);
  return late.value;
}
