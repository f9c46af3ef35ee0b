/** Works out what a person changed: a patch holds only differences, sets and counters travel as deltas (SPEC 3.2, 3.3). */
import { dumpText, type Json } from "../sync/core/canonical";
import type { EntitySpec, FieldSpec } from "../sync/core/policy";
import { EnqueueError } from "./errors";
import type { Fields } from "./types";

export interface Difference {
  readonly patch: Fields;
  readonly base: Fields;
}

/** Empty text, null and absent are one value: a form gives "" for what was never filled in. */
const value = (fields: Fields, name: string): Json => (fields[name] === "" ? null : (fields[name] ?? null));

const isEqual = (a: Json, b: Json): boolean => dumpText(a) === dumpText(b);

function strings(fields: Fields, name: string): string[] {
  const list = value(fields, name) ?? [];
  if (!Array.isArray(list) || list.some((item) => typeof item !== "string")) throw new EnqueueError("wrong_type", [name]);
  return list as string[];
}

function amount(fields: Fields, name: string): number {
  const number = value(fields, name) ?? 0;
  if (typeof number !== "number") throw new EnqueueError("wrong_type", [name]);
  return number;
}

function setDelta(base: Fields, wanted: Fields, name: string): Json | undefined {
  const [had, want] = [strings(base, name), strings(wanted, name)];
  const add = [...new Set(want.filter((item) => !had.includes(item)))];
  const remove = had.filter((item) => !want.includes(item));
  return add.length + remove.length > 0 ? { add, remove } : undefined;
}

function counterDelta(base: Fields, wanted: Fields, name: string): Json | undefined {
  const add = amount(wanted, name) - amount(base, name);
  return add === 0 ? undefined : { add };
}

/** The patch value of one field, or undefined when nothing differs. */
function change({ name, policy }: FieldSpec, base: Fields, wanted: Fields): Json | undefined {
  if (policy === "set") return setDelta(base, wanted, name);
  if (policy === "counter") return counterDelta(base, wanted, name);
  return isEqual(value(base, name), value(wanted, name)) ? undefined : value(wanted, name);
}

function fieldSpec(spec: EntitySpec, name: string): FieldSpec {
  const field = spec.fields.get(name);
  if (field) return field;
  throw new EnqueueError(spec.serverFields.has(name) ? "read_only_field" : "unknown_field", [name]);
}

const hasBase = ({ policy }: FieldSpec): boolean => policy !== "set" && policy !== "counter";

/**
 * What `wanted` changes against `base`; a touched group travels whole (R19).
 * Throws EnqueueError: unknown_field, read_only_field, wrong_type.
 */
export function difference(spec: EntitySpec, base: Fields, wanted: Fields): Difference {
  const named = Object.keys(wanted).map((name) => fieldSpec(spec, name));
  const touched = named.filter((field) => change(field, base, wanted) !== undefined);
  const whole = { ...base, ...wanted };
  const names = new Set(touched.flatMap(({ group }) => spec.groups.get(group)!));
  const patch: Record<string, Json> = {};
  const kept: Record<string, Json> = {};
  for (const name of names) {
    const field = fieldSpec(spec, name);
    patch[name] = change(field, base, whole) ?? value(whole, name);
    if (hasBase(field)) kept[name] = value(base, name);
  }
  return { patch, base: kept };
}
