/** How each policy lets a new value meet the one that is there (SPEC 5.3 to 5.6, 5.11). */
import { type Json, type JsonObject, same } from "./canonical";
import { later } from "./clock";
import { candidateOf, currentOf } from "./conflict";
import { add, elements, remove } from "./dots";
import { type ParentOf, broken } from "./invariant";
import { before, includes } from "./lineage";
import { compareRevs } from "./digest";
import { type Park, park } from "./park";
import { fieldOf, groupsOf } from "./policy";
import type { Dots, Write } from "./state";
import { merge3 } from "./text";
import type { Work } from "./work";

/** Merges every touched group by its policy, then takes back what breaks an invariant. */
export function applyPatch(work: Work, parentOf: ParentOf | null): Park | null {
  const done = new Set<string>();
  for (const [name, value] of Object.entries(work.mutation.patch)) {
    const { policy, group } = fieldOf(work.spec, name)!;
    if (policy === "text") patchText(work, name, (value ?? "") as string);
    else if (policy === "set") patchSet(work, name, value as SetPatch);
    else if (policy === "counter") {
      if (!patchCounter(work, name, (value as { add: number }).add)) return park("invalid_value", [name]);
    } else if (policy === "server") write(work, name, [name]);
    else if (!done.has(group)) patchValues(work, group, policy === "ask");
    done.add(group);
  }
  holdInvariants(work, parentOf);
  return null;
}

/** Writes a group as one unit, unless somebody else's unseen value is in the way. */
function patchValues(work: Work, group: string, isAsked: boolean): void {
  const names = work.spec.groups.get(group)!;
  const last = work.groups.get(group);
  if (!last || (work.seen && compareRevs(last.rev, work.seen) <= 0)) write(work, group, names);
  else if (!includes(work.author.lineage, last.device, last.seq)) concurrent(work, group, names, last, isAsked);
  else if (!isOvertaken(work, last)) write(work, group, names);
}

/** Settles two values that did not see each other: `(stamp, device, seq)` orders them. */
function concurrent(work: Work, group: string, names: readonly string[], last: Write, isAsked: boolean): void {
  const wins = later(work.write, last);
  const held = work.held(names);
  if (names.every((name) => same(work.mutation.patch[name], held[name]))) {
    if (wins) write(work, group, names);
  } else if (isAsked || !wins) {
    work.clash(isAsked ? "ask" : "register", group, currentOf(last, held), [work.ownCandidate(names)]);
  } else {
    write(work, group, names);
    work.clash("register", group, currentOf(work.write, work.own(names)), [candidateOf(last, held, null)]);
  }
}

/** A later mutation of this device is there already: this one came back from parking. */
const isOvertaken = ({ author }: Work, last: Write): boolean =>
  last.device === author.device && last.seq > author.seq;

function write(work: Work, group: string, names: readonly string[]): void {
  for (const name of names) work.put(name, work.mutation.patch[name] ?? null);
  work.mark(group);
}

const textOf = (value: Json | undefined): string => (value ?? "") as string;

/** Merges a text from the base that the mutation carries; nobody is exempt (R6). */
function patchText(work: Work, name: string, value: string): void {
  const current = textOf(work.fields.get(name));
  const [text] = merge3(textOf(work.mutation.base[name]), current, value);
  if (text !== value) work.isMerged = true;
  if (text === current) return;
  work.put(name, text || null);
  work.mark(name);
}

interface SetPatch extends JsonObject {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Dots are never copied, so unchanged ones are the very same objects. */
function isSameDots(a: Dots, b: Dots): boolean {
  const names = Object.keys(a);
  const isSame = (name: string): boolean => {
    const [x, y] = [a[name]!, b[name]];
    return x.length === y?.length && x.every((dot, at) => dot === y[at]);
  };
  return names.length === Object.keys(b).length && names.every(isSame);
}

function patchSet(work: Work, name: string, patch: Partial<SetPatch>): void {
  const { seen } = work;
  const lineage = before(work.author.lineage, work.author.seq);
  const held = work.dots.get(name) ?? {};
  const left = remove(held, patch.remove ?? [], seen, lineage);
  const after = add(left, patch.add ?? [], work.write, seen, lineage);
  if (isSameDots(after, held)) return;
  const present = elements(after);
  if (present.length > 0) work.dots.set(name, after);
  else work.dots.delete(name);
  work.put(name, present.length > 0 ? present : null);
  work.mark(name);
}

/** Adds the delta; false when the sum has no canonical form. */
function patchCounter(work: Work, name: string, delta: number): boolean {
  const total = ((work.fields.get(name) ?? 0) as number) + delta;
  if (!Number.isSafeInteger(total)) return false;
  if (delta !== 0) {
    work.fields.set(name, total);
    work.mark(name);
  }
  return true;
}

/** Puts back the groups that are right alone and wrong with the row, and asks a person. */
function holdInvariants(work: Work, parentOf: ParentOf | null): void {
  const { spec, mutation, fields } = work;
  const touched = new Set(Object.keys(mutation.patch));
  const wrong = broken(spec, mutation.pk, Object.fromEntries(fields), touched, parentOf);
  for (const group of groupsOf(spec, wrong.filter((name) => touched.has(name)))) {
    if (work.changed.includes(group)) takeBack(work, group);
  }
}

function takeBack(work: Work, group: string): void {
  const { before } = work;
  const names = work.spec.groups.get(group)!;
  for (const name of names) work.put(name, before?.fields[name] ?? null);
  const last = before?.groups[group];
  if (last) work.groups.set(group, last);
  else work.groups.delete(group);
  work.changed = work.changed.filter((name) => name !== group);
  work.conflicts = work.conflicts.filter((event) => event.group !== group);
  const writer = last ?? before?.created ?? work.write;
  work.clash("invariant", group, currentOf(writer, work.held(names)), [work.ownCandidate(names)]);
}
