/** Tells when the first screen stands: everything that it can do without waits until then. */
import { effect } from "@preact/signals";
import { isRead } from "../features/touches/queries";
import { whenIdle, whenPainted } from "../ui/index";

/** Lists that cannot be read must not keep sync from bringing them anew, nor may a window that is not drawn. */
const PATIENCE_MS = 5000;

/** Resolves when the lists of whoever signed in are read and drawn, and nothing else is going on. */
export const firstScreen = (): Promise<void> =>
  Promise.race([listsRead().then(painted).then(idle), new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))]);

/** Resolves in a task of its own, after what is to be drawn now. */
export const painted = (): Promise<void> => new Promise((resolve) => void whenPainted(resolve));

/** Resolves when nothing else is going on. */
export const idle = (): Promise<void> => new Promise((resolve) => void whenIdle(resolve));

function listsRead(): Promise<void> {
  let stop = (): void => undefined;
  const read = new Promise<void>((resolve) => {
    stop = effect(() => {
      if (isRead.value) resolve();
    });
  });
  return read.then(() => stop());
}
