/** Puts work off until nothing else is going on, so that no tap has to wait for it. */

const LATEST_MS = 1000;

/** Safari knows no such moment and gets a pause instead. Returns how to call the work off. */
export function whenIdle(work: () => void): () => void {
  if (window.requestIdleCallback === undefined) {
    const timer = setTimeout(work, LATEST_MS / 2);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(work, { timeout: LATEST_MS });
  return () => window.cancelIdleCallback(handle);
}
