/** Conflict records: both sides of a clash kept until a person decides (SPEC 6). */
import { type Json, type JsonObject, isObject } from "./canonical";
import { type Rev, compareRevs } from "./digest";
import { uuid5 } from "./ids";
import { type Lineage, includes } from "./lineage";
import { type Park, park } from "./park";
import type { Write } from "./state";

export type Kind = "register" | "ask" | "delete" | "invariant";

/** The group that a delete conflict is about. */
export const DELETED = "deleted";

/** The side that the row holds: a group's fields by name. */
export interface Current {
  readonly value: Json;
  readonly by: string;
  readonly device: string;
  readonly at: number;
  readonly mutation: string;
}

/** A losing write with its value and, where it is known, its base. */
export interface Candidate extends Current {
  readonly seq: number;
  readonly base: Json;
}

export interface Arrived extends Candidate {
  /** Server ms. */
  readonly arrived_at: number;
}

export interface Resolution {
  readonly choice: string;
  readonly candidate: Json;
  readonly value: JsonObject | null;
  readonly by: string;
  readonly device: string;
  readonly at: number;
  readonly mutation: string;
}

/** The row of entity `conflict`, as it is served. */
export interface ConflictRecord {
  readonly customer_id: string | null;
  readonly entity: string;
  readonly row_pk: string;
  readonly group: string;
  readonly kind: Kind;
  readonly state: "open" | "resolved" | "superseded";
  readonly opened_at: number;
  readonly opened_rev: Rev;
  readonly current: Current;
  readonly candidates: readonly Arrived[];
  readonly resolution: Resolution | null;
}

/** One mutation clashed in one group of the row `pk`; `rev` is that row's revision afterwards. */
export interface ConflictEvent {
  readonly kind: Kind;
  readonly entity: string;
  readonly pk: string;
  readonly group: string;
  readonly mutation: string;
  readonly rev: Rev;
  readonly lineage: Lineage;
  readonly current: Current;
  readonly candidates: readonly Candidate[];
}

/** What a decision does to the row, as a causal successor of its current revision. */
export interface RowWrite {
  readonly op: "patch" | "delete" | "restore";
  readonly patch: JsonObject;
}

/** The record after a command on it, and the write it asks for; or why it cannot be. */
export interface Decision {
  readonly record: ConflictRecord;
  readonly write: RowWrite | null;
  readonly park: Park | null;
}

/** Who decides: the command's mutation, person, device and effective time in ms. */
export interface Decider {
  readonly mutation: string;
  readonly person: string;
  readonly device: string;
  readonly at: number;
}

/** The `current` part of a record. */
export const currentOf = ({ person, device, stamp, mutation }: Write, value: Json): Current => ({
  value, by: person, device, at: stamp[0], mutation,
});

export const candidateOf = (write: Write, value: Json, base: Json): Candidate => ({
  ...currentOf(write, value), seq: write.seq, base,
});

/** The id of the record that an event opens. */
export const conflictPk = ({ pk, group, mutation }: ConflictEvent): string => uuid5(pk, `${group}/${mutation}`);

/** The id of the receipt for one losing mutation. */
export const receiptPk = (recordPk: string, mutation: string): string => uuid5(recordPk, mutation);

/** Drops candidates that a later write of the same lineage or device has overtaken. */
function staying(held: readonly Arrived[], arriving: readonly Candidate[], lineage: Lineage): Arrived[] {
  const last = new Map(arriving.map(({ device, seq }) => [device, seq]));
  return held.filter(
    ({ device, seq }) => !includes(lineage, device, seq) && seq > (last.get(device) ?? -1),
  );
}

const hidden = ({ value }: Candidate): { pk: string; fields: JsonObject } => value as { pk: string; fields: JsonObject };

/** Whether two candidates of a delete are one author's writes of one row. */
function isEarlier(held: Candidate, item: Candidate, lineage: Lineage): boolean {
  if (hidden(held).pk !== hidden(item).pk) return false;
  const ofLineage = [held, item].every(({ device, seq }) => includes(lineage, device, seq));
  return held.device === item.device || ofLineage;
}

/** Under a delete the candidates are writes of many groups: a later one of an author takes in what it wrote of the row before. */
function takenIn(held: readonly Arrived[], arriving: readonly Arrived[], lineage: Lineage): Arrived[] {
  let result = [...held];
  for (const item of arriving) {
    const earlier = result.filter((one) => isEarlier(one, item, lineage));
    const fields = Object.assign({}, ...[...earlier, item].map((one) => hidden(one).fields)) as JsonObject;
    result = result.filter((one) => !earlier.includes(one));
    result.push({ ...item, value: { ...hidden(item), fields } });
  }
  return result;
}

/**
 * The record with an event in it: a new one, or the open one of that row and group.
 * A later write of one lineage replaces its own candidate, or under a delete takes it in. `now` is server time in ms.
 */
export function openOrJoin(
  record: ConflictRecord | null,
  event: ConflictEvent,
  customerId: string | null,
  now: number,
): ConflictRecord {
  const { kind, entity, pk, group, rev, current, candidates, lineage } = event;
  const arriving = candidates.map((item) => ({ ...item, arrived_at: now }));
  const opened = record ?? {
    customer_id: customerId, entity, row_pk: pk, group, state: "open" as const, opened_at: now, resolution: null,
  };
  const held = record?.candidates ?? [];
  const joined = kind === "delete" && record ? takenIn(held, arriving, lineage) : [...staying(held, arriving, lineage), ...arriving];
  return { ...opened, kind, opened_rev: rev, current, candidates: joined };
}

/** An open record closed by a later write; its candidates stay in it. */
export const supersede = (record: ConflictRecord): ConflictRecord => ({ ...record, state: "superseded" });

/**
 * An open record after its group was written without a clash.
 * A write that has seen the conflict closes it, and so does the last loser's own next one, after
 * which nothing waits to be decided; any other only becomes the current value.
 */
export function observeWrite(
  record: ConflictRecord,
  seenRev: Rev | null,
  lineage: Lineage,
  current: Current,
): ConflictRecord {
  const written = { ...record, current };
  const candidates = staying(record.candidates, [], lineage);
  const isSeen = seenRev !== null && compareRevs(seenRev, record.opened_rev) >= 0;
  return isSeen || candidates.length === 0 ? supersede(written) : { ...written, candidates };
}

const refused = (record: ConflictRecord, why: Park): Decision => ({ record, write: null, park: why });

const BAD = park("invalid_value", ["choice"]);

/** The group's fields that a choice asks for; null when it names none. */
function chosenValue({ candidates }: ConflictRecord, command: JsonObject): Json {
  if (command["choice"] === "value") return command["value"] ?? null;
  if (command["choice"] !== "candidate") return null;
  return candidates.find(({ mutation }) => mutation === command["candidate"])?.value ?? null;
}

/** The write that a choice asks for (null leaves the row as it is), or why it cannot be. */
function chosen(record: ConflictRecord, command: JsonObject): RowWrite | Park | null {
  const { choice } = command;
  const isDelete = record.kind === "delete";
  if (choice === (isDelete ? "keep_deleted" : "current")) return null;
  if (isDelete) return choice === "restore" ? { op: "restore", patch: { delete: record.current.mutation } } : BAD;
  const value = chosenValue(record, command);
  return isObject(value) ? { op: "patch", patch: value as JsonObject } : BAD;
}

/** Carries out `{command: "resolve", …}`; Decision.park when it may not be (SPEC 6.4). */
export function resolve(record: ConflictRecord, command: JsonObject, by: Decider): Decision {
  if (command["expected_state"] !== "open" || record.state !== "open") {
    return refused(record, park("illegal_transition", ["expected_state"]));
  }
  const write = chosen(record, command);
  if (write && "code" in write) return refused(record, write);
  const resolution = {
    choice: String(command["choice"]),
    candidate: command["candidate"] ?? null,
    value: write?.op === "patch" ? write.patch : null,
    by: by.person,
    device: by.device,
    at: by.at,
    mutation: by.mutation,
  };
  return { record: { ...record, state: "resolved", resolution }, write, park: null };
}

/** Which write takes a resolution back, given what the row held before it. */
function undone({ choice }: Resolution, before: Current): RowWrite {
  if (choice === "restore") return { op: "delete", patch: {} };
  return { op: "patch", patch: before.value as JsonObject };
}

/**
 * Undoes a resolution, the row's value too unless it was written again since.
 * `current` and `rev` are the group's writer and the row's revision now.
 */
export function reopen(
  record: ConflictRecord,
  command: JsonObject,
  current: Current,
  rev: Rev,
  by: Decider,
): Decision {
  const made = record.resolution;
  if (command["expected_state"] !== "resolved" || record.state !== "resolved" || !made) {
    return refused(record, park("illegal_transition", ["expected_state"]));
  }
  const opened: ConflictRecord = { ...record, state: "open", opened_rev: rev, resolution: null };
  if (made.choice === "current" || made.choice === "keep_deleted") return { record: opened, write: null, park: null };
  if (current.mutation !== made.mutation) return { record: { ...opened, current }, write: null, park: null };
  const before = { ...record.current, mutation: by.mutation };
  return { record: { ...opened, current: before }, write: undone(made, before), park: null };
}

/** A loser's own value, never the winner's (SPEC 6.3). */
export interface ConflictReceipt
  extends Pick<Arrived, "mutation" | "at" | "arrived_at" | "value" | "base">,
    Pick<ConflictRecord, "customer_id" | "entity" | "row_pk" | "group" | "kind" | "state"> {
  readonly conflict: string;
}

/** By receipt pk, each loser and the receipt's body. */
export function receipts(recordPk: string, record: ConflictRecord): Record<string, [by: string, body: ConflictReceipt]> {
  const { customer_id, entity, row_pk, group, kind, state } = record;
  const shared = { customer_id, entity, row_pk, group, kind, state, conflict: recordPk };
  return Object.fromEntries(
    record.candidates.map(({ mutation, by, at, arrived_at, value, base }) => [
      receiptPk(recordPk, mutation),
      [by, { mutation, at, arrived_at, value, base, ...shared }],
    ]),
  );
}
