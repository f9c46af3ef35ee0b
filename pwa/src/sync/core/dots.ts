/** Sets whose elements remember who added them, so that a remove takes only what it saw (SPEC 5.5). */
import { has } from "./canonical";
import { type Rev, compareRevs } from "./digest";
import { type Lineage, includes } from "./lineage";
import type { Dots, Write } from "./state";
import { compareUtf8 } from "./utf8";

const unseen = (adds: readonly Write[], seen: Rev | null, lineage: Lineage): Write[] =>
  adds.filter(
    (dot) => (seen === null || compareRevs(dot.rev, seen) > 0) && !includes(lineage, dot.device, dot.seq),
  );

const addsOf = (dots: Dots, name: string): readonly Write[] => (has(dots, name) ? dots[name]! : []);

/** The dots after adding elements: the new dot stands in for those that it saw. */
export const add = (dots: Dots, names: readonly string[], dot: Write, seen: Rev | null, lineage: Lineage): Dots => ({
  ...dots,
  ...Object.fromEntries(names.map((name) => [name, [...unseen(addsOf(dots, name), seen, lineage), dot]])),
});

/** The dots after removing elements: unseen dots of others stay, and keep the element. */
export function remove(dots: Dots, names: readonly string[], seen: Rev | null, lineage: Lineage): Dots {
  const removed = new Set(names);
  const left = Object.entries(dots).map(([name, adds]) =>
    [name, removed.has(name) ? unseen(adds, seen, lineage) : adds] as const,
  );
  return Object.fromEntries(left.filter(([, adds]) => adds.length > 0));
}

/** The elements present, sorted by their UTF-8 bytes. */
export const elements = (dots: Dots): string[] => Object.keys(dots).sort(compareUtf8);

/** What a set patch means to a reader, who sees elements without dots. */
export function changedList(list: readonly string[], added: readonly string[], removed: readonly string[]): string[] {
  const kept = list.filter((item) => !removed.includes(item));
  return [...new Set([...kept, ...added])].sort(compareUtf8);
}
