/** The few single values of a local database: who we are to the server, how far we have read, what is still downloading. */
import { NEW_CLOCK, type ClockState } from "../sync/core/clock";
import type { Database } from "./db";

/** A scope on its way in: snapshot chunks first, then joins until it is level with the cursor (SPEC 12). */
export interface Join {
  phase: "snapshot" | "join";
  token: string | null;
  /** Rows of this scope below this generation go when it has joined. */
  gen: number;
}

/** Stands for one state of the database. */
export interface Mark {
  readonly meta: string;
  readonly outbox: string;
}

export interface Meta {
  device: string;
  /** After a fork: the device this one continues (SPEC 8.6). */
  parent: { device: string; seq: number } | null;
  lastSeq: number;
  lastSha: string | null;
  clock: ClockState;
  cursor: string | null;
  /** Log position of the last applied page. */
  pulledSeq: number;
  epoch: number;
  gen: number;
  /** The generation with which the present epoch began; older rows are of a timeline that is lost. */
  epochGen: number;
  /** Last seq enqueued when the cursor's page was applied (SPEC 9.6). */
  enqueuedThrough: number;
  /** Every scope granted, null before the first page. */
  scopes: string[] | null;
  joins: Record<string, Join>;
  lastSyncAt: number | null;
  lastPullAt: number | null;
  headTag: string | null;
  verifiedAt: number | null;
  /** Scopes whose sum differed at the last verify. */
  unequal: string[];
  durableSeq: number;
  downloadedRows: number;
  /** What the first screen showed last, and the state of the database that it showed. */
  ready: { readonly mark: Mark; readonly value: unknown } | null;
  /** The key of the outbox's own door, the device id and epoch under which the server knows it, and whether it had to be used (SPEC 8.11). */
  drain: { readonly key: string; readonly device: string | null; readonly epoch: number; readonly isBarred: boolean } | null;
  /** How often a start began to go on with a photo and came to its end at that, by the photo as it was chosen. */
  tries: Readonly<Record<string, number>>;
  /** Space given back when the disk is full, so that writing goes on (SPEC 15.4). */
  reserve: Uint8Array | null;
}

const INITIAL: Omit<Meta, "device"> = {
  parent: null,
  lastSeq: 0,
  lastSha: null,
  clock: NEW_CLOCK,
  cursor: null,
  pulledSeq: 0,
  epoch: 0,
  gen: 0,
  epochGen: 0,
  enqueuedThrough: 0,
  scopes: null,
  joins: {},
  lastSyncAt: null,
  lastPullAt: null,
  headTag: null,
  verifiedAt: null,
  unequal: [],
  durableSeq: 0,
  downloadedRows: 0,
  ready: null,
  drain: null,
  tries: {},
  reserve: null,
};

/** What a wipe of the mirror takes back to the start; device, numbering and clock stay with the outbox. */
export const PULL_KEYS = [
  "cursor", "pulledSeq", "enqueuedThrough", "scopes", "joins", "lastPullAt", "headTag", "verifiedAt", "unequal",
  "durableSeq", "downloadedRows", "ready",
] as const satisfies readonly (keyof Meta)[];

export async function readMeta<K extends keyof Meta>(db: Database, ...keys: K[]): Promise<Pick<Meta, K>> {
  const values = await db.meta.bulkGet(keys);
  return Object.fromEntries(
    keys.map((key, i) => [key, values[i] === undefined ? INITIAL[key as keyof typeof INITIAL] : values[i]]),
  ) as Pick<Meta, K>;
}

export async function writeMeta(db: Database, patch: Partial<Meta>): Promise<void> {
  const keys = Object.keys(patch) as (keyof Meta)[];
  await db.meta.bulkPut(keys.map((key) => patch[key]), keys);
}
