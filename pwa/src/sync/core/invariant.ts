/** Rules over a whole row, so that merging never makes a value that nobody typed (SPEC 5.11). */
import type { Json, JsonObject } from "./canonical";
import type { EntitySpec, Invariant } from "./policy";
import { compareUtf8 } from "./utf8";

/** The pk that the row `pk` of the same entity names in `field`, or null. */
export type ParentOf = (field: string, pk: string) => string | null;

/** Compares two numbers or two strings; an absent value breaks nothing. */
function isDescending(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === "number" && typeof b === "number") return a > b;
  return typeof a === "string" && typeof b === "string" && compareUtf8(a, b) > 0;
}

/** Follows a tree's parents; another row's older cycle is not this row's fault. */
function isCyclic(field: string, pk: string, first: Json | undefined, parentOf: ParentOf | null): boolean {
  const visited = new Set<string>();
  let parent = first;
  while (typeof parent === "string" && !visited.has(parent)) {
    if (parent === pk) return true;
    visited.add(parent);
    parent = parentOf?.(field, parent) ?? null;
  }
  return false;
}

function isBroken({ kind, fields: names }: Invariant, pk: string, fields: JsonObject, parentOf: ParentOf | null): boolean {
  if (kind === "acyclic") return names.some((name) => isCyclic(name, pk, fields[name], parentOf));
  return names.some((name, at) => at > 0 && isDescending(fields[names[at - 1]!], fields[name]));
}

/** The fields by which a mutation contradicts itself, given its own base and patch; sorted. */
export function brokenAlone(spec: EntitySpec, pk: string, fields: JsonObject): string[] {
  const wrong = spec.invariants.filter((rule) => isBroken(rule, pk, fields, null));
  return [...new Set(wrong.flatMap((rule) => rule.fields))].sort(compareUtf8);
}

/** The fields of rules that a row breaks and that a mutation of it touched. */
export function broken(
  spec: EntitySpec,
  pk: string,
  fields: JsonObject,
  touched: ReadonlySet<string>,
  parentOf: ParentOf | null,
): string[] {
  const ours = spec.invariants.filter((rule) => rule.fields.some((name) => touched.has(name)));
  return ours.filter((rule) => isBroken(rule, pk, fields, parentOf)).flatMap((rule) => rule.fields);
}
