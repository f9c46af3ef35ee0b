/** Two answers to one question, as a card that a person can decide in one tap. */
import type { Row } from "../../store";
import { integer, text } from "../../ui/values";

/** One side of a clash. */
export interface Side {
  readonly by: string;
  readonly device: string;
  readonly at: number;
  readonly value: unknown;
  /** The mutation that wrote it; names the candidate in a command. */
  readonly mutation: string;
}

export type ConflictKind = "register" | "ask" | "delete" | "invariant";

export interface Conflict {
  readonly pk: string;
  readonly kind: ConflictKind;
  readonly state: "open" | "resolved" | "superseded";
  readonly customerId: string;
  readonly entity: string;
  readonly rowPk: string;
  readonly group: string;
  readonly openedAt: number;
  readonly current: Side;
  readonly candidates: readonly Side[];
  readonly saved: Row["state"];
}

type Loose = Readonly<Record<string, unknown>>;

const record = (value: unknown): Loose => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : {});

function sideOf(value: unknown): Side {
  const fields = record(value);
  return {
    by: text(fields, "by"),
    device: text(fields, "device"),
    at: integer(fields, "at") ?? 0,
    value: fields["value"] ?? null,
    mutation: text(fields, "mutation"),
  };
}

export function conflictOf({ pk, fields, state }: Row): Conflict {
  return {
    pk,
    kind: (text(fields, "kind") || "register") as ConflictKind,
    state: (text(fields, "state") || "open") as Conflict["state"],
    customerId: text(fields, "customer_id"),
    entity: text(fields, "entity"),
    rowPk: text(fields, "row_pk"),
    group: text(fields, "group"),
    openedAt: integer(fields, "opened_at") ?? 0,
    current: sideOf(fields["current"]),
    candidates: (Array.isArray(fields["candidates"]) ? fields["candidates"] : []).map(sideOf),
    saved: state,
  };
}

/** The two sides a person sees. `mine` is null when two others clash. */
export interface Pair {
  readonly first: Side;
  readonly second: Side;
  /** Which side is on the row now. */
  readonly current: "first" | "second";
  readonly mine: "first" | null;
}

/** One's own value stands first; else the one on the row. The latest candidate stands for all (the others are history). */
export function pairOf(conflict: Conflict, me: string): Pair | null {
  const own = conflict.candidates.find((side) => side.by === me);
  const candidate = own ?? conflict.candidates.at(-1);
  if (candidate === undefined) return null;
  if (own === undefined && conflict.current.by !== me) return { first: conflict.current, second: candidate, current: "first", mine: null };
  return own === undefined
    ? { first: conflict.current, second: candidate, current: "first", mine: "first" }
    : { first: candidate, second: conflict.current, current: "second", mine: "first" };
}

/** The stretch in which two texts differ, as [start, end) of each: what a card underlines. */
export function difference(a: string, b: string): { a: [number, number]; b: [number, number] } {
  const left = Array.from(a);
  const right = Array.from(b);
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < left.length - head && tail < right.length - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const start = wholeNumber(left, right, head);
  return { a: [start, left.length - tail], b: [start, right.length - tail] };
}

const MOST_DIGITS = 4;

/** A number is easier to compare whole than by single digits: its beginning, when the difference lies in a short one. */
function wholeNumber(left: readonly string[], right: readonly string[], at: number): number {
  const isDigit = (letter: string | undefined): boolean => letter !== undefined && /\d/.test(letter);
  if (!isDigit(left[at]) && !isDigit(right[at])) return at;
  let start = at;
  while (isDigit(left[start - 1])) start -= 1;
  return at - start <= MOST_DIGITS ? start : at;
}

/** A mutation that the server holds but could not apply. */
export interface Parked {
  readonly pk: string;
  /** Of the author's own row the same as `pk`; a copy for somebody else has a pk of its own. */
  readonly mutationId: string;
  /** Its author; empty where an older server parked it. */
  readonly by: string;
  readonly code: string;
  readonly fields: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly entity: string;
  readonly rowPk: string;
  readonly op: string;
  readonly customerId: string;
  readonly state: "open" | "released" | "superseded" | "dismissed";
  readonly parkedAt: number;
  /** The mutation's line as written, or null when it is not text. */
  readonly mutation: string | null;
  readonly saved: Row["state"];
}

export function parkedOf({ pk, fields, state }: Row): Parked {
  return {
    pk,
    mutationId: text(fields, "mutation_id"),
    by: text(fields, "by"),
    code: text(fields, "code"),
    fields: (Array.isArray(fields["fields"]) ? fields["fields"] : []).map(String),
    params: record(fields["params"]),
    entity: text(fields, "entity"),
    rowPk: text(fields, "row_pk"),
    op: text(fields, "op"),
    customerId: text(fields, "customer_id"),
    state: (text(fields, "state") || "open") as Parked["state"],
    parkedAt: integer(fields, "parked_at") ?? 0,
    mutation: text(fields, "mutation") || null,
    saved: state,
  };
}

/** Codes that wait for another item or for the office, not for the person. */
const HELD = new Set(["depends_on_parked", "internal", "store_raw", "unknown_schema"]);

export const isHeld = (parked: Parked): boolean => HELD.has(parked.code);

/** What the person typed, out of the parked mutation; empty when it cannot be read. */
export const typedValues = (parked: Parked): Loose => record(lineOf(parked)["patch"]);

/** When it was written, by the clock of its device, ms; null when it cannot be read. */
export function writtenAt(parked: Parked): number | null {
  const { hlc } = lineOf(parked);
  return Array.isArray(hlc) && typeof hlc[0] === "number" ? hlc[0] : null;
}

/** Who has their own row of an item needs no copy of it, which a successor gets, too. */
export function withoutCopies(items: readonly Parked[]): Parked[] {
  const own = new Set(items.filter(({ pk, mutationId }) => pk === mutationId).map(({ pk }) => pk));
  return items.filter(({ pk, mutationId }) => pk === mutationId || !own.has(mutationId));
}

function lineOf(parked: Parked): Loose {
  if (parked.mutation === null) return {};
  try {
    return record(JSON.parse(parked.mutation));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
