/** Writes what was pulled: drops, rows, receipts and cursor in one transaction, or nothing at all (SPEC 11.6, 12). */
import Dexie from "dexie";
import { type Reading, contacted } from "../sync/core/clock";
import type { Page } from "../sync/wire/pull";
import type { Chunk } from "../sync/wire/snapshot";
import { type StoreChange, publishAllSoon, publishChange } from "./changes";
import type { Database, MirrorRecord } from "./db";
import { announceAgain, forgetDurable, journalTables } from "./journal";
import { type Join, type Meta, readMeta, writeMeta } from "./meta";
import { toRecord } from "./mirror";
import { forgetReceipts, markOlder, recordReceipts, settle, settleBrought } from "./receipts";
import { steady } from "./steady";
import { heldScopes, removeScope } from "./scopes";
import { Sheet } from "./sheet";
import type { Store } from "./types";

const MANY = 500;

/** What the page was asked with; if it is no longer so, another tab was faster and the page is thrown away. */
export interface Asked {
  readonly cursor: string | null;
  /** The scope whose snapshot token was sent along. */
  readonly joining: string | null;
}

/** Applies a page. False when the cursor has moved since it was asked for (R37). */
export async function applyPage(store: Store, page: Page, asked: Asked, reading: Reading): Promise<boolean> {
  const { db } = store;
  const records = page.rows.map((row) => (row.op === "upsert" ? toRecord(store.catalog, row, 0) : null));
  const erased = page.rows.filter((row) => row.op === "delete" && row.erased === true);
  // Loaded before the transaction, and only then: hardly any page needs it.
  const forget = erased.length > 0 ? (await import("./erased")).forgetErased : null;
  const applied = await steady(store, () =>
    db.transaction("rw", [db.mirror, ...journalTables(db), db.meta, db.markers, db.drafts, db.picked], async () => {
      const meta = await readMeta(db, ...PAGE_KEYS);
      if (meta.cursor !== asked.cursor) return false;
      const gen = meta.gen + (page.header.reset ? 1 : 0);
      const joins = await scopesAfter(db, page, meta, gen);
      await writeRows(db, page, records, gen, Object.keys(joins).length > 0);
      await joinAfter(db, page, joins, asked.joining);
      await receiptsAfter(db, page, meta.epoch, joins);
      await forget?.(store, erased);
      await writeMeta(db, metaAfter(page, meta, gen, joins, reading));
      return true;
    }),
  );
  if (applied) publishChange(store, changed(page.header.reset || page.header.drops.length > 0 ? null : page.rows));
  return applied;
}

/** Applies one chunk of a scope's snapshot. False when the scope is no longer waiting for just this chunk. */
export async function applyChunk(store: Store, chunk: Chunk, token: string | null): Promise<boolean> {
  const { db } = store;
  const { scope, epoch, seq } = chunk.header;
  const records = chunk.rows.map((row) => toRecord(store.catalog, row, 0));
  const applied = await steady(store, () =>
    db.transaction("rw", [db.mirror, ...journalTables(db), db.meta, db.markers], async () => {
      const meta = await readMeta(db, "joins", "gen", "epoch", "downloadedRows");
      const join = meta.joins[scope];
      if (join?.phase !== "snapshot" || join.token !== token || meta.epoch !== epoch) return false;
      await writeChunk(db, records, meta.gen);
      await settleBrought(db, seq, records);
      const next: Join = { ...join, phase: chunk.end.done ? "join" : "snapshot", token: chunk.end.token };
      const downloadedRows = meta.downloadedRows + records.length;
      await writeMeta(db, { joins: { ...meta.joins, [scope]: next }, downloadedRows });
      return true;
    }),
  );
  if (applied) publishAllSoon(store);
  return applied;
}

/** On a new device every row is new: looking for each one first would take a fifth of the download's time. */
async function writeChunk(db: Database, records: readonly MirrorRecord[], gen: number): Promise<void> {
  const isNew = records[0] !== undefined && (await db.mirror.get([records[0].entity, records[0].pk])) === undefined;
  const left = isNew && (await db.markers.count()) === 0 ? await addNew(db, records, gen) : records;
  if (left.length === 0) return;
  const sheet = await Sheet.open(db, left, gen, true);
  left.forEach((record) => sheet.upsert(record, true));
  await sheet.write();
}

/** Adds the rows that the mirror does not hold; returns the others. */
async function addNew(db: Database, records: readonly MirrorRecord[], gen: number): Promise<readonly MirrorRecord[]> {
  try {
    await db.mirror.bulkAdd(records.map((record) => ({ ...record, gen })));
    return [];
  } catch (error) {
    if (!(error instanceof Dexie.BulkError) || error.failures.some(({ name }) => name !== "ConstraintError")) throw error;
    return Object.keys(error.failuresByPos).map((at) => records[Number(at)]!);
  }
}

const PAGE_KEYS = [
  "cursor", "gen", "epoch", "joins", "scopes", "lastSeq", "clock", "downloadedRows", "lastSyncAt", "epochGen",
] as const satisfies readonly (keyof Meta)[];
type PageMeta = Pick<Meta, (typeof PAGE_KEYS)[number]>;

/** Drops come before rows; grants start downloads (SPEC 11.2, 11.7). Returns the downloads under way. */
async function scopesAfter(db: Database, page: Page, meta: PageMeta, gen: number): Promise<Record<string, Join>> {
  const { reset, scopes, grants, drops } = page.header;
  const joins: Record<string, Join> = reset ? {} : { ...meta.joins };
  // The first page tells all that is granted; what a cut-off download or an earlier epoch left over is not.
  const isFirst = reset || meta.cursor === null;
  const lost = isFirst && scopes ? (await heldScopes(db)).filter((scope) => !scopes.includes(scope)) : [];
  for (const scope of [...drops, ...lost]) {
    await removeScope(db, scope);
    delete joins[scope];
  }
  for (const scope of grants) joins[scope] = { phase: "snapshot", token: null, gen };
  return joins;
}

async function writeRows(
  db: Database, { rows }: Page, records: (MirrorRecord | null)[], gen: number, isJoining: boolean,
): Promise<void> {
  const sheet = await Sheet.open(db, rows, gen, isJoining);
  rows.forEach((row, i) => {
    const record = records[i];
    if (record) sheet.upsert(record, false);
    else sheet.remove(row.entity, row.pk, row.row_rev);
  });
  await sheet.write();
}

/** Moves the downloads on, in place; a scope that has joined loses its older rows, and the last one all markers. */
async function joinAfter(db: Database, { end }: Page, joins: Record<string, Join>, joining: string | null): Promise<void> {
  const waiting = joining === null ? undefined : joins[joining];
  if (waiting && end.join !== null) waiting.token = end.join;
  const joined = end.joined === null ? undefined : joins[end.joined];
  if (end.joined !== null && joined) {
    await removeScope(db, end.joined, joined.gen);
    delete joins[end.joined];
  }
  if (Object.keys(joins).length === 0) await db.markers.clear();
}

const hasNewEpoch = ({ epoch }: Page["header"], before: number): boolean => before !== 0 && epoch !== before;

async function receiptsAfter(
  db: Database, { header, rows, receipts, end }: Page, epoch: number, joins: Record<string, Join>,
): Promise<void> {
  // A restored server may not know what an earlier one acknowledged: what is still here is sent again.
  if (hasNewEpoch(header, epoch)) {
    await forgetReceipts(db);
    await announceAgain(db);
    await markOlder(db);
  }
  await recordReceipts(db, receipts);
  await settle(db, end.seq, joins, rows.filter(({ op }) => op === "upsert"));
  await forgetDurable(db, end.durable_seq);
}

function metaAfter(
  { header, end, rows }: Page, meta: PageMeta, gen: number, joins: Record<string, Join>, reading: Reading,
): Partial<Meta> {
  return {
    cursor: end.cursor,
    pulledSeq: end.seq,
    epoch: header.epoch,
    epochGen: hasNewEpoch(header, meta.epoch) ? gen : meta.epochGen,
    gen,
    joins,
    scopes: header.scopes ? [...header.scopes] : meta.scopes,
    enqueuedThrough: meta.lastSeq,
    durableSeq: end.durable_seq,
    clock: contacted(meta.clock, reading, end.server_time),
    lastPullAt: reading.wall,
    lastSyncAt: end.caught_up ? reading.wall : meta.lastSyncAt,
    downloadedRows: meta.downloadedRows + rows.length,
  };
}

function changed(rows: readonly { entity: string; pk: string }[] | null): StoreChange {
  return { rows: rows === null || rows.length > MANY ? "all" : rows.map(({ entity, pk }) => [entity, pk]) };
}
