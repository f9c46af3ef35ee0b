/** Sets of strings whose elements live by the adds that made them (SPEC 5.5), so that add and remove commute. */
import { compareUtf8 } from "./utf8";

/** The list without `remove`, with `add`, each once and sorted: what a set patch means to a reader. */
export function changedSet(list: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  const kept = list.filter((item) => !remove.includes(item));
  return [...new Set([...kept, ...add])].sort(compareUtf8);
}
