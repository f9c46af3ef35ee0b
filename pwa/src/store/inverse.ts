/** Undo never edits the outbox: it is one more act, the opposite of the first (SPEC 3.4). */
import type { Mutation } from "../sync/core/mutation";
import type { EntitySpec } from "../sync/core/policy";
import type { Change, Editing, Fields } from "./types";

const picked = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));

/** What the form held after the act, seen from the same revision: others' writes since then still count as unseen. */
const afterwards = (editing: Editing, wanted: Fields): Editing => ({ ...editing, base: { ...editing.base, ...wanted } });

/** The change that takes `mutation` back, or null where there is none. `wanted` are the values it asked for. */
export function inverseOf(spec: EntitySpec, mutation: Mutation, editing: Editing, wanted: Fields): Change | null {
  const { id, entity, pk, op, patch } = mutation;
  const common = { entity, pk, after: [id], editing: afterwards(editing, wanted) };
  if (op === "create") return { ...common, op: spec.append ? "void" : "delete" };
  if (op === "delete") return { ...common, op: "restore", fields: { delete: id } };
  if (op === "patch" || op === "revise") return { ...common, op, fields: picked(editing.base, Object.keys(patch)) };
  // A void stays in history, a restore is undone by deleting anew, and commands answer to the server's state.
  return null;
}
