/** Deleting hides a row and loses nothing that its author had not seen (SPEC 5.9, R31). */
import type { Json, JsonObject } from "./canonical";
import { compareStamps } from "./clock";
import { type Candidate, DELETED, candidateOf, currentOf } from "./conflict";
import { before, includes } from "./lineage";
import { type Park, park } from "./park";
import type { EntitySpec } from "./policy";
import type { RowState, Write } from "./state";
import { compareUtf8 } from "./utf8";
import type { AggregateRow, Work } from "./work";

export const VOIDED = "voided";

/** Marks an append row void; its fields stay. */
export function applyVoid(work: Work): null {
  if (work.fields.get(VOIDED) !== true) {
    work.fields.set(VOIDED, true);
    work.mark(VOIDED);
  }
  return null;
}

/** Brings back what one delete hid; a row that is not hidden is left as it is. */
export function applyRestore(work: Work): Park | null {
  if (!work.deleted) return null;
  if (work.deleted.mutation !== work.mutation.patch["delete"]) return park("illegal_transition", ["delete"]);
  work.deleted = null;
  work.changed.push(DELETED);
  return null;
}

/** Hides the row, and keeps every write of its aggregate that the author has not seen. */
export function applyDelete(work: Work, aggregate: readonly AggregateRow[]): null {
  if (work.deleted || !work.before) return null;
  work.deleted = work.write;
  work.changed.push(DELETED);
  const own = { spec: work.spec, pk: work.mutation.pk, state: work.before };
  const candidates = [own, ...aggregate].flatMap((row) => unseen(work, row));
  if (candidates.length > 0) work.clash("delete", DELETED, currentOf(work.write, null), candidates);
  return null;
}

/** Keeps a write under a delete, of the row or of its root, as a candidate to restore. */
export function noteUnderDelete(work: Work, root: RowState | null): void {
  const { spec, mutation } = work;
  if (work.changed.length === 0 && work.before) return;
  const hidden = work.deleted ?? (spec.root && root?.deleted);
  if (!hidden) return;
  const value = valueOf(spec, mutation.pk, work.changed, Object.fromEntries(work.fields));
  const base = Object.keys(mutation.base).length > 0 ? mutation.base : null;
  const candidates = [candidateOf(work.write, value, base)];
  work.clash("delete", DELETED, currentOf(hidden, null), candidates, work.deleted ? undefined : rootRow(work, root!));
}

function rootRow({ spec, fields }: Work, { rev }: RowState) {
  const { entity, field } = spec.root!;
  return { entity, pk: String(fields.get(field) ?? ""), rev };
}

/** The later of two writes in one aggregate; the first when they are level. */
function lastOf(a: Write, b: Write): Write {
  const order = a.agg - b.agg || compareStamps(a.stamp, b.stamp) || compareUtf8(a.device, b.device);
  return order >= 0 ? a : b;
}

/** A candidate for the groups of a row that others wrote unseen by the author, or none. */
function unseen({ seen, mutation, author }: Work, { spec, pk, state }: AggregateRow): Candidate[] {
  if (state.deleted) return [];
  const floor = seen ? (mutation.seen_agg ?? 0) : 0;
  const lineage = before(author.lineage, author.seq); // A replayed delete is older than what came since.
  const found = Object.entries({ "": state.created, ...state.groups }).filter(
    ([, { agg, device, seq }]) => agg > floor && !includes(lineage, device, seq),
  );
  if (found.length === 0) return [];
  const last = found.map(([, write]) => write).reduce(lastOf);
  const groups = found.map(([group]) => group);
  return [candidateOf(last, valueOf(spec, pk, groups, state.fields), null)];
}

/** What a person needs to know of a row's groups to decide whether to restore. */
function valueOf(spec: EntitySpec, pk: string, groups: readonly string[], fields: JsonObject): Json {
  const names = groups.flatMap((group) => spec.groups.get(group) ?? [group]);
  const values = names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]] as const]));
  return { entity: spec.name, pk, fields: Object.fromEntries(values) };
}
