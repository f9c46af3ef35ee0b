/** What a screen shows: the server's row with the device's own unsent changes on top. */
import { type Json, type JsonObject, isObject } from "./canonical";
import { changedList } from "./dots";
import type { Mutation } from "./mutation";
import type { EntitySpec } from "./policy";
import { merge3 } from "./text";
import { compareUtf8 } from "./utf8";

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

const stringsOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

const numberOf = (value: Json | undefined): number => (typeof value === "number" ? value : 0);

const mergedText = (base: Json | undefined, current: Json | undefined, incoming: Json): string =>
  merge3(textOf(base), textOf(current), textOf(incoming))[0];

/** As the server adds: zero changes nothing, and a sum without canonical form parks. */
function sum(current: Json | undefined, delta: Json | undefined): Json {
  const total = numberOf(current) + numberOf(delta);
  return delta !== 0 && Number.isSafeInteger(total) ? total : (current ?? null);
}

/** The value of one field after one patch of it. */
function shown(policy: string | undefined, base: Json | undefined, current: Json | undefined, patch: Json): Json {
  const change: JsonObject = isObject(patch) ? (patch as JsonObject) : {};
  if (policy === "text") return mergedText(base, current, patch) || null;
  if (policy === "counter") return sum(current, change["add"]);
  if (policy !== "set") return patch;
  const list = changedList(stringsOf(current), stringsOf(change["add"]), stringsOf(change["remove"]));
  return list.length > 0 ? list : null;
}

/** The fields after one mutation; a null, an empty text or set is absent, as in a served body. */
function patched(spec: EntitySpec, fields: JsonObject, { base, patch }: Mutation): JsonObject {
  const next = new Map(Object.entries(fields));
  for (const [name, change] of Object.entries(patch)) {
    const value = shown(spec.fields.get(name)?.policy, base[name], fields[name], change);
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return Object.fromEntries(next);
}

/**
 * The shown fields (null: no such row, or deleted) and the names of the fields that wait to be sent.
 * `fields` is the mirror's row or null; `mutations` are those of this row still waiting, in order.
 */
export function overlay(
  spec: EntitySpec,
  fields: JsonObject | null,
  mutations: readonly Mutation[],
): [fields: JsonObject | null, touched: string[]] {
  let current = fields;
  let deleted: JsonObject | null = null;
  const touched = new Set<string>();
  for (const mutation of mutations) {
    const { op } = mutation;
    if (op === "create") current = patched(spec, current ?? {}, mutation);
    else if (op === "patch" || op === "revise") current &&= patched(spec, current, mutation);
    else if (op === "void") current &&= { ...current, voided: true };
    else if (op === "delete") [deleted, current] = [current ?? deleted, null];
    else if (op === "restore") current ??= deleted;
    if (op === "void") touched.add("voided");
    if (op === "create" || op === "patch" || op === "revise") Object.keys(mutation.patch).forEach((name) => touched.add(name));
  }
  return [current, [...touched].sort(compareUtf8)];
}
