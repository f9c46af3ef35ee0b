/** Finds the rows that name a file: several may, and a file whose one row goes is still another's. */
import Dexie from "dexie";
import { fromBytes } from "../sync/core/utf8";
import type { Catalog } from "./catalog";
import type { Database, MirrorRecord } from "./db";
import { fieldsOf } from "./mirror";
import type { Store } from "./types";

export type RowName = readonly [entity: string, pk: string];

/** A SHA-256 as rows write it. What parked holds what was sent as text in text: quotes are escaped there. */
const NAMES = /\b[0-9a-f]{64}\b/g;

/**
 * The downloaded, the parked and the waiting ones, by the file. Everything is read once, however many files are asked for. Where a transaction is
 * under way, it must be over mirror and outbox.
 */
export async function rowsNaming({ db, catalog }: Store, files: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly RowName[]>> {
  const rows = new Map<string, RowName[]>();
  const note = (text: string, nameOf: () => RowName): void => {
    const named = new Set(text.match(NAMES)?.filter((sha256) => files.has(sha256)));
    for (const sha256 of named) rows.set(sha256, [...(rows.get(sha256) ?? []), nameOf()]);
  };
  for (const kind of kindsOf(catalog)) for (const record of await allOf(db, kind)) note(record.body, () => nameOfRow(record));
  for (const { line, entity, pk } of await db.outbox.toArray()) note(fromBytes(line), () => [entity, pk]);
  return rows;
}

/** All at once: a cursor takes a turn of the database for each. */
const allOf = (db: Database, kind: string): PromiseLike<MirrorRecord[]> => db.mirror.where("[entity+pk]").between([kind, Dexie.minKey], [kind, Dexie.maxKey]).toArray();

const kindsOf = ({ specs }: Catalog): string[] => ["parked", ...[...specs.values()].filter(({ blobs }) => blobs.length > 0).map(({ name }) => name)];

function nameOfRow(record: MirrorRecord): RowName {
  const { entity, row_pk } = record.entity === "parked" ? fieldsOf(record) : { entity: record.entity, row_pk: record.pk };
  return [String(entity), String(row_pk)];
}
