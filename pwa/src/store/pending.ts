/** What still waits on top of a row: parked mutations of this person, then the outbox, in the order they were written. */
import { type Mutation, MutationError, decode } from "../sync/core/mutation";
import { toBytes } from "../sync/core/utf8";
import type { MirrorRecord, OutboxRecord } from "./db";
import { ABOUT, fieldsOf } from "./mirror";
import type { ItemState, Rev, Store } from "./types";

export interface Pending {
  readonly mutation: Mutation;
  readonly state: ItemState;
  /** What it had seen of the row as it is now. */
  readonly seen: Rev | null;
}

/** Codes that need nobody: the server applies the mutation by itself once another one is mended (SPEC 7.4). */
const WAITING_CODES = new Set(["depends_on_parked", "internal", "store_raw", "unknown_schema"]);

export const parkedState = (code: unknown): ItemState => (WAITING_CODES.has(String(code)) ? "held" : "needs");

const decoded = new Map<string, Mutation>();
const MAX_DECODED = 2000;

/** Outbox lines never change, so each is read once. */
export function mutationOf(entry: OutboxRecord): Mutation {
  let found = decoded.get(entry.id);
  if (!found) {
    if (decoded.size >= MAX_DECODED) decoded.clear();
    decoded.set(entry.id, (found = decode(entry.line)));
  }
  return found;
}

function stateOf({ acked, receipt }: OutboxRecord): ItemState {
  if (!acked) return "device";
  // A duplicate of a parked mutation repeats its code.
  return receipt?.code ? parkedState(receipt.code) : "server";
}

export function pendingOf(entry: OutboxRecord): Pending {
  const mutation = mutationOf(entry);
  return { mutation, state: stateOf(entry), seen: entry.isOlder ? null : mutation.seen_rev };
}

/** A parked row of one's own, as something that waits; null when its bytes cannot be read back. */
export function parkedPending(store: Store, record: MirrorRecord): Pending | null {
  // The copy that a new owner gets is for reading: the value is not the owner's own.
  if (record.entity !== "parked" || record.scope !== `person:${store.person}`) return null;
  const { mutation: line, code } = fieldsOf(record);
  const mutation = typeof line === "string" ? readable(line) : null;
  return mutation && { mutation, state: parkedState(code), seen: mutation.seen_rev };
}

/** Parked bytes may be parked just because nobody can read them; the parked row itself still shows them. */
function readable(line: string): Mutation | null {
  try {
    return decode(toBytes(line));
  } catch (error) {
    if (error instanceof MutationError) return null;
    throw error;
  }
}

/** The pks of open records that something in the outbox already answers: resolved, dismissed or mended. */
export function answeredBy(entries: readonly OutboxRecord[]): Set<string> {
  const commanded = entries.filter(({ entity }) => ABOUT.has(entity)).map(({ pk }) => pk);
  return new Set([...commanded, ...entries.flatMap(({ supersedes }) => supersedes ?? [])]);
}

/** The state of one open record about a row, for the row's own mark. */
export function recordState(record: MirrorRecord): ItemState {
  return record.entity === "parked" ? parkedState(fieldsOf(record)["code"]) : "needs";
}

const WEIGHT: Record<ItemState, number> = { server: 0, held: 1, device: 2, needs: 3 };

/** The one mark of an item: what asks for the person first, then what could still be lost. */
export const worst = (states: Iterable<ItemState>): ItemState =>
  [...states].reduce((a, b) => (WEIGHT[b] > WEIGHT[a] ? b : a), "server");
