/** How one row looks: what was served, with parked and unsent mutations on top, and one mark for it all. */
import { compareRevs } from "../sync/core/digest";
import { overlay } from "../sync/core/overlay";
import { sortInstant } from "./catalog";
import type { MirrorRecord, OutboxRecord } from "./db";
import { fieldsOf } from "./mirror";
import { type Pending, answeredBy, parkedPending, pendingOf, recordState, worst } from "./pending";
import type { Fields, OwnFields, Rev, Row, Store } from "./types";

/** What waits on some rows: outbox entries in order, open records about them, and which of those are answered. */
export interface Waiting {
  readonly entries: readonly OutboxRecord[];
  readonly about: readonly MirrorRecord[];
  readonly answered: ReadonlySet<string>;
}

/** Must run inside a transaction over mirror and outbox. */
export async function waitingFor(
  store: Store, entries: readonly OutboxRecord[], about: readonly MirrorRecord[],
): Promise<Waiting> {
  // An answer may sit on another row than the one it is about, so the whole outbox is asked; but only when it matters.
  const answered = about.length > 0 ? answeredBy(await store.db.outbox.toArray()) : new Set<string>();
  return { entries, about, answered };
}

/** Open conflicts and parked rows about rows of one kind. */
export async function openRecords(store: Store, entity: string): Promise<MirrorRecord[]> {
  const records = await store.db.mirror.where("ref").above("").toArray();
  return records.filter((record) => fieldsOf(record)["entity"] === entity);
}

export const waitingOn = ({ entries, about }: Waiting): Set<string> =>
  new Set([...entries.map(({ pk }) => pk), ...about.map(({ ref }) => ref!)]);

export const served = (record: MirrorRecord): Row => ({
  entity: record.entity,
  pk: record.pk,
  fields: fieldsOf(record),
  rev: record.rev,
  state: "server",
  pending: [],
  at: record.at,
  gen: record.gen,
});

/** One row under everything that waits on it; null when nothing is to be seen. */
export function shown(
  store: Store, entity: string, pk: string, record: MirrorRecord | undefined, waiting: Waiting,
): Row | null {
  const open = waiting.about.filter((one) => !waiting.answered.has(one.pk));
  if (waiting.entries.length === 0 && open.length === 0) return record ? served(record) : null;
  const parked = open.flatMap((one) => parkedPending(store, one) ?? []);
  const pending = [...parked, ...waiting.entries.map(pendingOf)];
  const [fields] = replay(store, entity, record, pending);
  if (fields === null) return null;
  const unapplied = pending.filter(({ state }) => state !== "server");
  const [, touched] = replay(store, entity, record, unapplied);
  const state = worst([...pending.map((one) => one.state), ...open.map(recordState)]);
  const own = ownFields(pending);
  const seen = record ? { rev: record.rev, gen: record.gen } : { rev: null };
  return { entity, pk, fields, ...seen, state, pending: touched, at: sortInstant(fields), own };
}

/** The least that any of the writes shown on top had seen, field by field. */
function ownFields(pending: readonly Pending[]): OwnFields {
  const own: Record<string, Rev | null> = {};
  for (const { mutation, seen } of pending) {
    for (const name of Object.keys(mutation.patch)) own[name] = earlier(own[name], seen);
  }
  return own;
}

/** Undefined knows nothing yet, null has seen nothing. */
export const earlier = (a: Rev | null | undefined, b: Rev | null): Rev | null =>
  a === undefined || (a !== null && (b === null || compareRevs(b, a) < 0)) ? b : a;

function replay(
  store: Store, entity: string, record: MirrorRecord | undefined, pending: readonly Pending[],
): [Fields | null, string[]] {
  const fields = record ? fieldsOf(record) : null;
  const spec = store.catalog.specs.get(entity);
  // Only commands exist for the server's own records, and a command changes nothing before the server has decided.
  return spec ? overlay(spec, fields, pending.map(({ mutation }) => mutation)) : [fields, []];
}
