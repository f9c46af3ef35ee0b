/** What stays here although it is acknowledged: the good bytes of what reached the server altered (SPEC 8.10). */
import { fromBytes } from "../sync/core/utf8";
import type { Database, MirrorRecord, OutboxRecord } from "./db";
import type { Row, Store } from "./types";

export const ALTERED = "sha_mismatch";

/** Those of the entries whose better copy somebody may still need: until their parked row is closed. */
export async function keptOf(db: Database, entries: readonly OutboxRecord[]): Promise<Set<string>> {
  const altered = entries.filter(({ receipt }) => receipt?.code === ALTERED);
  const records = await db.mirror.bulkGet(altered.map(({ id }): [string, string] => ["parked", id]));
  return new Set(altered.filter((_, i) => isOpen(records[i])).map(({ id }) => id));
}

/** A row that has not come yet is no sign that nobody needs it. */
const isOpen = (record: MirrorRecord | undefined): boolean => record === undefined || record.ref !== undefined;

/** Parked rows as a person must see them: with what was typed, not with what arrived. Use inside a transaction over the outbox. */
export async function withOwnCopies(store: Store, rows: readonly Row[]): Promise<Row[]> {
  const altered = rows.filter(({ entity, fields }) => entity === "parked" && fields["code"] === ALTERED);
  const entries = altered.length > 0 ? await store.db.outbox.where("id").anyOf(altered.map(({ pk }) => pk)).toArray() : [];
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return rows.map((row) => withOwnCopy(row, byId.get(row.pk)));
}

function withOwnCopy(row: Row, own: OutboxRecord | undefined): Row {
  if (!own) return row;
  const { entity, pk, op, parent, line } = own;
  return { ...row, fields: { ...row.fields, entity, row_pk: pk, op, customer_id: parent, mutation: fromBytes(line) } };
}
