/** What each function that a vector may name means in this language (see sync/vectors). Used by tests only. */
import { hexToBytes } from "@noble/hashes/utils.js";
import { type JsonObject, dumpText, loads, same } from "./core/canonical";
import {
  type Claim, type ClockState, NEW_CLOCK, type Reading, type Stamp, contacted, effective, later, observed, pruned,
  skewOf, stamped, tick,
} from "./core/clock";
import {
  type ConflictEvent, type ConflictRecord, type Current, type Decider, type Decision, conflictPk, observeWrite,
  openOrJoin, receipts, reopen, resolve,
} from "./core/conflict";
import { type Held, type Source, isSettled, laterMarker, takesRemoval, takesUpsert } from "./core/cursor";
import { type Rev, add, rowDigest, shaHex, subtract, toHex, toNumber } from "./core/digest";
import * as dots from "./core/dots";
import { isUuid, uuid5, uuid7 } from "./core/ids";
import { type Lineage, fork, includes } from "./core/lineage";
import { type Outcome, merge } from "./core/merge";
import { MutationError, type Op, checkTxn, decode, encode, fromJson as mutationFromJson } from "./core/mutation";
import { overlay } from "./core/overlay";
import type { Park } from "./core/park";
import { type EntitySpec, checkPatch, referenced } from "./core/policy";
import { type Dots, type RowState, type StateJson, type Write, fromJson as stateFromJson, toJson as stateJson } from "./core/state";
import { diff, merge3 } from "./core/text";
import { fromBytes, toBytes } from "./core/utf8";
import { generatedPk, isDue, nextWindow, overdueDays } from "./core/window";
import type { Author } from "./core/work";

export type Specs = ReadonlyMap<string, EntitySpec>;

/** One function of a vector file: input to output, both as JSON. Inputs are trusted to have the documented form. */
type Adapter = (given: never, specs: Specs) => unknown;

const canonical = {
  dumps: ({ value }: { value: unknown }) => dumpText(value),
  loads: ({ text, hex }: { text?: string; hex?: string }) => loads(hex === undefined ? toBytes(text!) : hexToBytes(hex)),
  same: ({ a, b }: { a: JsonObject; b: JsonObject }) => same(a, b),
};

const idsOf = {
  uuid7: ({ ms, random }: { ms: number; random: string }) => uuid7(ms, hexToBytes(random)),
  uuid5: ({ namespace, name }: { namespace: string; name: string }) => uuid5(namespace, name),
  is_uuid: ({ text }: { text: unknown }) => isUuid(text),
};

const digest = {
  sha_hex: ({ text }: { text: string }) => shaHex(toBytes(text)),
  row_digest: ({ entity, pk, rev, body }: { entity: string; pk: string; rev: Rev; body: string }) =>
    toHex(rowDigest(entity, pk, rev, toBytes(body))),
  sum: ({ digests }: { digests: string[] }) => toHex(digests.map(toNumber).reduce(add, 0n)),
  subtract: ({ total, digest: one }: { total: string; digest: string }) => toHex(subtract(toNumber(total), toNumber(one))),
};

interface Look extends Reading {
  do: "stamp" | "observe" | "contact";
  server_time: number;
}

const looked = (state: ClockState, look: Look): ClockState =>
  look.do === "stamp" ? stamped(state, look)
  : look.do === "observe" ? observed(state, look)
  : contacted(state, look, look.server_time);

function device({ looks, ask, prune_to }: { looks: Look[]; ask: Stamp[]; prune_to?: Stamp | null }) {
  let state = NEW_CLOCK;
  const stamps: Stamp[] = [];
  for (const look of looks) {
    state = looked(state, look);
    if (look.do === "stamp") stamps.push(state.last);
  }
  if (prune_to !== undefined) state = pruned(state, prune_to);
  const skews = ask.map((hlc) => skewOf(state, hlc));
  return { stamps, skews, skew: state.skew, kept: state.kept.map(({ upTo, skew }) => [upTo, skew]) };
}

type Ordered = [stamp: Stamp, device: string, seq: number];
const writer = ([stamp, name, seq]: Ordered) => ({ stamp, device: name, seq });

const clock = {
  tick: ({ last, wall }: { last: Stamp; wall: number }) => tick(last, wall),
  effective: (claim: Claim) => effective(claim),
  later: ({ a, b }: { a: Ordered; b: Ordered }) => later(writer(a), writer(b)),
  device,
};

const text = {
  diff: ({ a, b, max_steps }: { a: string; b: string; max_steps?: number }) =>
    diff(a, b, max_steps).map(({ start, end, text: added }) => [start, end, added]),
  merge3: (given: { base: string; current: string; new: string; max_steps?: number }) => {
    const [merged, overlapped] = merge3(given.base, given.current, given.new, given.max_steps);
    return { text: merged, overlapped };
  },
};

type WriteJson = [string, string, string, number, Stamp, Rev, number];
const writeOf = ([mutation, person, name, seq, stamp, rev, agg]: WriteJson): Write => ({
  mutation, person, device: name, seq, stamp, rev, agg,
});

interface DotStep {
  do: "add" | "remove";
  names: string[];
  write: WriteJson;
  seen: Rev | null;
  lineage: Lineage;
}

function dotted({ steps }: { steps: DotStep[] }) {
  let held: Dots = {};
  for (const { do: what, names, write, seen, lineage } of steps) {
    held = what === "add" ? dots.add(held, names, writeOf(write), seen, lineage) : dots.remove(held, names, seen, lineage);
  }
  const mutations = Object.entries(held).map(([name, adds]) => [name, adds.map(({ mutation }) => mutation)]);
  return { elements: dots.elements(held), dots: Object.fromEntries(mutations) };
}

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

const mutation = {
  decode: parking(({ text: line, length = 0 }: { text?: string; length?: number }) => ({
    mutation: decode(toBytes(line ?? "x".repeat(length))),
  })),
  encode: parking((given: { mutation: JsonObject }) => ({ text: fromBytes(encode(mutationFromJson(given.mutation))) })),
  check_txn: parking(checkedTxn),
};

const parkJson = (park: Park | null) => park && { code: park.code, fields: park.fields };

function specJson({ name, root, append, fields, serverFields, references, invariants }: EntitySpec) {
  return {
    name,
    root,
    append,
    fields: Object.fromEntries([...fields.values()].map((field) => [field.name, { policy: field.policy, group: field.group }])),
    server_fields: [...serverFields],
    references: [...references].map(([field, entity]) => ({ field, entity })),
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

const policy = {
  check_patch: ({ spec, patch, base, by_server }: PolicyInput, specs: Specs) =>
    parkJson(checkPatch(specs.get(spec)!, patch, base, by_server)),
  groups: ({ spec }: PolicyInput, specs: Specs) => Object.fromEntries(specs.get(spec)!.groups),
  round_trip: ({ spec }: PolicyInput, specs: Specs) => specJson(specs.get(spec)!),
  referenced: ({ spec, fields }: PolicyInput, specs: Specs) => referenced(specs.get(spec)!, fields),
};

const lineage = {
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

function merged(given: { spec: string; state: StateJson | null; steps: MergeStep[] }, specs: Specs) {
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

function overlaid(given: { spec: string; fields: JsonObject | null; mutations: JsonObject[] }, specs: Specs) {
  const [fields, touched] = overlay(specs.get(given.spec)!, given.fields, given.mutations.map(mutationFromJson));
  return { fields, touched };
}

interface ConflictStep {
  event?: ConflictEvent;
  customer_id: string | null;
  now: number;
  write?: Current;
  seen_rev: Rev | null;
  lineage: Lineage;
  command?: JsonObject;
  by: Decider;
  current: Current;
  rev: Rev;
}

const noDecision = (record: ConflictRecord): Decision => ({ record, write: null, park: null });

function conflictStep(record: ConflictRecord | null, step: ConflictStep): Decision {
  const { event, write, command } = step;
  if (event) return noDecision(openOrJoin(record, event, step.customer_id, step.now));
  if (write) return noDecision(observeWrite(record!, step.seen_rev, step.lineage, write));
  if (command!["command"] === "resolve") return resolve(record!, command!, step.by);
  return reopen(record!, command!, step.current, step.rev, step.by);
}

function conflictRun({ record: first, steps }: { record: ConflictRecord | null; steps: ConflictStep[] }) {
  let record = first;
  const decisions: unknown[] = [];
  for (const step of steps) {
    const decision = conflictStep(record, step);
    record = decision.record;
    if (step.command) decisions.push({ write: decision.write, park: parkJson(decision.park) });
  }
  return { record, decisions };
}

const conflict = {
  run: conflictRun,
  conflict_pk: ({ event }: { event: ConflictEvent }) => conflictPk(event),
  receipts: ({ pk, record }: { pk: string; record: ConflictRecord }) =>
    Object.fromEntries(Object.entries(receipts(pk, record)).map(([key, [person, body]]) => [key, { person, body }])),
};

interface Status {
  due_from_on: string;
  due_to_on: string;
  today_on: string;
}

const window = {
  window: (given: { anchor_on: string; every_days: number; lead_days: number }) =>
    nextWindow(given.anchor_on, given.every_days, given.lead_days),
  status: ({ today_on, ...due }: Status) => ({ is_due: isDue(due, today_on), overdue_days: overdueDays(due, today_on) }),
  generated_pk: (given: { cadence_id: string; customer_id: string; due_from_on: string }) =>
    generatedPk(given.cadence_id, given.customer_id, given.due_from_on),
};

type HeldJson = [generation: number, rev: Rev];
const heldOf = ([generation, rev]: HeldJson): Held => ({ generation, rev });

interface UpsertInput {
  held: HeldJson | null;
  marker: Rev | null;
  new: HeldJson;
  source: Source;
}

const cursor = {
  takes_upsert: ({ held, marker, new: served, source }: UpsertInput) =>
    takesUpsert(held && heldOf(held), marker, heldOf(served), source),
  takes_removal: ({ held, new: served }: { held: HeldJson; new: HeldJson }) => takesRemoval(heldOf(held), heldOf(served)),
  later_marker: ({ marker, rev }: { marker: Rev | null; rev: Rev }) => laterMarker(marker, rev),
  is_settled: ({ log_seq, page_seq }: { log_seq: number | null; page_seq: number }) => isSettled(log_seq, page_seq),
};

/** Functions that clients do not have: to them a cursor is opaque (SPEC 10.2). */
export const SERVER_ONLY: readonly string[] = ["core/cursor seal", "core/cursor unseal"];

/** Every other function of every vector file. */
export const ADAPTERS: Readonly<Record<string, Readonly<Record<string, Adapter>>>> = {
  "core/canonical": canonical,
  "core/ids": idsOf,
  "core/digest": digest,
  "core/clock": clock,
  "core/text": text,
  "core/dots": { run: dotted },
  "core/mutation": mutation,
  "core/policy": policy,
  "core/state": { round_trip: ({ state }: { state: StateJson }) => stateJson(stateFromJson(state)) },
  "core/lineage": lineage,
  "core/merge": { merge: merged },
  "core/overlay": { overlay: overlaid },
  "core/conflict": conflict,
  "core/window": window,
  "core/cursor": cursor,
};
