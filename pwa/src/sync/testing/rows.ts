/** What the functions that vectors name mean in this language: mutations, declarations, merges and overlay. */
import type { JsonObject } from "../core/canonical";
import type { ConflictEvent } from "../core/conflict";
import { type Lineage, fork, includes } from "../core/lineage";
import { type Outcome, merge } from "../core/merge";
import { MutationError, type Op, checkTxn, decode, encode, fromJson as mutationFromJson } from "../core/mutation";
import { overlay } from "../core/overlay";
import type { Park } from "../core/park";
import { type EntitySpec, checkPatch, referenced } from "../core/policy";
import { type RowState, type StateJson, fromJson as stateFromJson, toJson as stateJson } from "../core/state";
import { fromBytes, toBytes } from "../core/utf8";
import type { Author } from "../core/work";

export type Specs = ReadonlyMap<string, EntitySpec>;

interface Txn {
  mutation: JsonObject;
  lines: { op: Op; bytes: number; times: number }[];
}

function checkedTxn({ mutation, lines }: Txn) {
  const all = lines.flatMap(({ times, ...line }) => Array.from({ length: times }, () => line));
  const sample = mutationFromJson(mutation);
  checkTxn(all.map(({ op }) => ({ ...sample, op })), all.map(({ bytes }) => new Uint8Array(bytes)));
  return { ok: true };
}

/** A refusal is a result here: the park that it becomes. */
const parking =
  <T>(act: (given: T) => unknown) =>
  (given: T): unknown => {
    try {
      return act(given);
    } catch (error) {
      if (!(error instanceof MutationError)) throw error;
      return { park: { code: error.code, fields: error.fields } };
    }
  };

export const mutation = {
  decode: parking(({ text: line, length = 0 }: { text?: string; length?: number }) => ({
    mutation: decode(toBytes(line ?? "x".repeat(length))),
  })),
  encode: parking((given: { mutation: JsonObject }) => ({ text: fromBytes(encode(mutationFromJson(given.mutation))) })),
  check_txn: parking(checkedTxn),
};

export const parkJson = (park: Park | null) => park && { code: park.code, fields: park.fields };

function specJson({ name, root, append, fields, serverFields, references, blobs, invariants }: EntitySpec) {
  return {
    name,
    root,
    append,
    fields: Object.fromEntries([...fields.values()].map((field) => [field.name, { policy: field.policy, group: field.group }])),
    server_fields: [...serverFields],
    references: [...references].map(([field, entity]) => ({ field, entity })),
    blobs,
    invariants,
  };
}

interface PolicyInput {
  spec: string;
  patch: JsonObject;
  base: JsonObject;
  fields: JsonObject;
  by_server?: boolean;
}

export const policy = {
  check_patch: ({ spec, patch, base, by_server }: PolicyInput, specs: Specs) =>
    parkJson(checkPatch(specs.get(spec)!, patch, base, by_server)),
  groups: ({ spec }: PolicyInput, specs: Specs) => Object.fromEntries(specs.get(spec)!.groups),
  round_trip: ({ spec }: PolicyInput, specs: Specs) => specJson(specs.get(spec)!),
  referenced: ({ spec, fields }: PolicyInput, specs: Specs) => referenced(specs.get(spec)!, fields),
};

export const lineage = {
  includes: (given: { lineage: Lineage; device: string; seq: number }) => includes(given.lineage, given.device, given.seq),
  fork: (given: { lineage: Lineage; device: string; last_equal_seq: number }) =>
    fork(given.lineage, given.device, given.last_equal_seq),
};

type AuthorJson = Omit<Author, "lineage"> & Lineage & { is_server?: boolean };

interface MergeStep {
  mutation: JsonObject;
  author: AuthorJson;
  agg?: number;
  aggregate?: { entity: string; pk: string; state: StateJson }[];
  root?: StateJson | null;
  parents?: Record<string, string>;
}

const rowOf = (value: StateJson | null | undefined): RowState | null => (value ? stateFromJson(value) : null);

const authorOf = ({ ancestors, is_server = false, ...author }: AuthorJson): Author => ({
  ...author, lineage: { device: author.device, ancestors }, isServer: is_server,
});

const eventJson = ({ lineage: _lineage, ...event }: ConflictEvent) => event;

/** What is worth naming of an outcome: parts that are empty are left out. */
function outcomeJson({ changed, conflicts, isMerged, park, command }: Outcome) {
  return {
    ...(changed.length > 0 && { changed }),
    ...(conflicts.length > 0 && { conflicts: conflicts.map(eventJson) }),
    ...(isMerged && { is_merged: true }),
    ...(park && { park: parkJson(park) }),
    ...(command && Object.keys(command).length > 0 && { command }),
  };
}

export function merged(given: { spec: string; state: StateJson | null; steps: MergeStep[] }, specs: Specs) {
  let state = rowOf(given.state);
  const steps = given.steps.map((step) => {
    const { agg = null, aggregate = [], root, parents } = step;
    const outcome = merge(specs.get(given.spec)!, state, mutationFromJson(step.mutation), authorOf(step.author), {
      agg,
      aggregate: aggregate.map((row) => ({ spec: specs.get(row.entity)!, pk: row.pk, state: stateFromJson(row.state) })),
      root: rowOf(root),
      parentOf: parents ? (_field, pk) => parents[pk] ?? null : null,
    });
    state = outcome.state;
    return outcomeJson(outcome);
  });
  return { state: state && stateJson(state), steps };
}

export function overlaid(given: { spec: string; fields: JsonObject | null; mutations: JsonObject[] }, specs: Specs) {
  const [fields, touched] = overlay(specs.get(given.spec)!, given.fields, given.mutations.map(mutationFromJson));
  return { fields, touched };
}

export const state = { round_trip: (given: { state: StateJson }) => stateJson(stateFromJson(given.state)) };
