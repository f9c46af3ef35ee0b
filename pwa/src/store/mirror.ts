/** Turns rows as served into mirror records; all hashing happens here, before any transaction is opened. */
import { rowDigestHex } from "../sync/core/digest";
import { fromBytes } from "../sync/core/utf8";
import type { Upsert } from "../sync/wire/pull";
import { type Catalog, rootOf, sortInstant } from "./catalog";
import type { MirrorRecord } from "./db";
import type { Fields } from "./types";

/** The server's own records about another row. */
export const ABOUT = new Set(["conflict", "parked"]);

export const fieldsOf = (record: MirrorRecord): Fields => JSON.parse(record.body) as Fields;

const isOpenRecord = (entity: string, fields: Fields): boolean => ABOUT.has(entity) && fields["state"] === "open";

/** What an open record is about: the row's pk, or the record's own where the mutation could not be read. */
const subject = (pk: string, fields: Fields): string =>
  typeof fields["row_pk"] === "string" ? fields["row_pk"] : pk;

export function toRecord(catalog: Catalog, row: Upsert, gen: number): MirrorRecord {
  const { entity, pk, row_rev: rev, scope, agg, body } = row;
  const text = fromBytes(body);
  const fields = JSON.parse(text) as Fields;
  return {
    entity, pk, body: text, rev, scope, agg, gen,
    digest: rowDigestHex(entity, pk, rev, body),
    parent: rootOf(catalog, entity, pk, fields),
    at: sortInstant(fields),
    ...(isOpenRecord(entity, fields) ? { ref: subject(pk, fields) } : {}),
  };
}
