/** Finds the rows that name a file: several may, and a file whose one row goes is still another's. */
import Dexie from "dexie";
import { fromBytes } from "../sync/core/utf8";
import type { Catalog } from "./catalog";
import type { MirrorRecord } from "./db";
import { fieldsOf } from "./mirror";
import type { Store } from "./types";

export type RowName = readonly [entity: string, pk: string];

/** The downloaded, the parked and the waiting ones. Where a transaction is under way, it must be over mirror and outbox. */
export async function rowsNaming({ db, catalog }: Store, sha256: string): Promise<RowName[]> {
  const held = await Promise.all(kindsOf(catalog).map((kind) => db.mirror.where("[entity+pk]").between([kind, Dexie.minKey], [kind, Dexie.maxKey]).filter(({ body }) => body.includes(sha256)).toArray()));
  const entries = await db.outbox.filter(({ line }) => fromBytes(line).includes(sha256)).toArray();
  return [...held.flat().map(nameOf), ...entries.map(({ entity, pk }): RowName => [entity, pk])];
}

const kindsOf = ({ specs }: Catalog): string[] => ["parked", ...[...specs.values()].filter(({ blobs }) => blobs.length > 0).map(({ name }) => name)];

function nameOf(record: MirrorRecord): RowName {
  const { entity, row_pk } = record.entity === "parked" ? fieldsOf(record) : { entity: record.entity, row_pk: record.pk };
  return [String(entity), String(row_pk)];
}
