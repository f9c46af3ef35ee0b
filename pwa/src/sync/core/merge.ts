/** The one place where writes that did not see each other become one row (SPEC 5). */
import type { JsonObject } from "./canonical";
import type { ConflictEvent } from "./conflict";
import { applyDelete, applyRestore, applyVoid, noteUnderDelete } from "./deletion";
import { type ParentOf, brokenAlone } from "./invariant";
import type { Mutation, Op } from "./mutation";
import { type Park, park } from "./park";
import { applyPatch } from "./patch";
import { type EntitySpec, checkPatch } from "./policy";
import type { RowState } from "./state";
import { compareUtf8 } from "./utf8";
import { type AggregateRow, type Author, Work } from "./work";

/** The row after a mutation. */
export interface Outcome {
  /** The very object passed in when nothing changed. */
  readonly state: RowState | null;
  /** The groups whose value or writer changed, `deleted` and `voided` among them; sorted. */
  readonly changed: readonly string[];
  readonly conflicts: readonly ConflictEvent[];
  /** The row does not hold exactly what the author wrote. */
  readonly isMerged: boolean;
  readonly park: Park | null;
  /** Handed back for the caller to carry out. */
  readonly command: JsonObject | null;
}

export interface Surroundings {
  /** The aggregate's count for this write; by default the row's own plus one. */
  readonly agg?: number | null;
  /** For a delete of a root, its other rows; those with a count above `seen_agg` suffice. */
  readonly aggregate?: readonly AggregateRow[];
  /** A child's root, to notice that it is deleted. */
  readonly root?: RowState | null;
  /** Looks up trees for `acyclic` invariants. */
  readonly parentOf?: ParentOf | null;
}

const ROW_OPS: readonly Op[] = ["create", "patch", "delete", "restore", "command"];
const APPEND_OPS: readonly Op[] = ["create", "revise", "void", "command"];
const PATCHING_OPS: readonly Op[] = ["create", "patch", "revise"];

const untouched = (state: RowState | null, more: Partial<Outcome>): Outcome => ({
  state, changed: [], conflicts: [], isMerged: false, park: null, command: null, ...more,
});

/** Applies one mutation to a row (null: there is none) and says what became of it. */
export function merge(
  spec: EntitySpec,
  state: RowState | null,
  mutation: Mutation,
  author: Author,
  { agg = null, aggregate = [], root = null, parentOf = null }: Surroundings = {},
): Outcome {
  const refused = refusal(spec, state, mutation, author);
  if (refused) return untouched(state, { park: refused });
  if (mutation.op === "command") return untouched(state, { command: mutation.patch });
  const work = new Work(spec, state, mutation, author, agg);
  const failed = carryOut(work, aggregate, parentOf);
  if (failed) return untouched(state, { park: failed });
  if (mutation.op !== "delete" && mutation.op !== "restore") noteUnderDelete(work, root);
  return outcome(work);
}

function carryOut(work: Work, aggregate: readonly AggregateRow[], parentOf: ParentOf | null): Park | null {
  switch (work.mutation.op) {
    case "delete":
      return applyDelete(work, aggregate);
    case "restore":
      return applyRestore(work);
    case "void":
      return applyVoid(work);
    default:
      return applyPatch(work, parentOf);
  }
}

/** The row with its next revision, or untouched when nothing happened to it. */
function outcome({ before, write, changed, conflicts, isMerged, fields, groups, dots, deleted }: Work): Outcome {
  if (before && changed.length === 0 && conflicts.length === 0) return untouched(before, { isMerged });
  const state: RowState = {
    rev: write.rev,
    agg: changed.length > 0 || !before ? write.agg : before.agg,
    fields: Object.fromEntries(fields),
    groups: Object.fromEntries(groups),
    created: before?.created ?? write,
    dots: Object.fromEntries(dots),
    deleted,
  };
  return untouched(state, {
    changed: changed.sort(compareUtf8),
    conflicts: conflicts.sort((a, b) => compareUtf8(a.pk, b.pk) || compareUtf8(a.group, b.group)),
    isMerged,
  });
}

/** Why a mutation cannot apply to this row at all, or null; the first reason counts. */
export function refusal(
  spec: EntitySpec,
  state: RowState | null,
  { op, pk, patch, base }: Mutation,
  author: Author,
): Park | null {
  if (!(spec.append ? APPEND_OPS : ROW_OPS).includes(op)) return park("invalid_value", ["op"]);
  if (!state && op !== "create") return park("gone");
  const isOwn = !state || author.person === state.created.person;
  if (spec.append && !isOwn && op !== "command") return park("not_author");
  if (!PATCHING_OPS.includes(op)) return null;
  const wrong = brokenAlone(spec, pk, { ...base, ...patch });
  return checkPatch(spec, patch, base, author.isServer) ?? (wrong.length > 0 ? park("invalid_value", wrong) : null);
}
