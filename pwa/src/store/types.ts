/** The words in which the rest of the app talks to the local database, so that no screen depends on how it is kept. */
import type { JsonObject } from "../sync/core/canonical";
import type { Rev } from "../sync/core/digest";
import type { Op } from "../sync/core/mutation";
import type { Catalog } from "./catalog";
import type { Database } from "./db";

export type { Op, Rev };

/** A row's values by field name, as the wire writes them (snake_case, integers, strings, lists). */
export type Fields = JsonObject;

/** ◷ only on this device · ✓ on the server · ⏸ held by the server, waiting for something else · ! needs you. */
export type ItemState = "device" | "server" | "held" | "needs";

/** A row as a screen shows it: the mirror with everything not yet pulled back replayed on top. */
export interface Row {
  readonly entity: string;
  readonly pk: string;
  readonly fields: Fields;
  /** Null while the row exists on this device only. */
  readonly rev: Rev | null;
  readonly state: ItemState;
  /** Names of the fields whose shown value the server has not applied yet. */
  readonly pending: readonly string[];
  /** The instant or date that lists are ordered by; "" where the entity has none. */
  readonly at: number | string;
  /** Fields that show an own write on top of the server's row, and what that write had seen of it. */
  readonly own?: OwnFields;
  /** The generation of the mirror that served it (SPEC 11.7). */
  readonly gen?: number;
}

/** Whatever others wrote beneath an own write was never on the screen, however new the row is (SPEC 3.2). */
export type OwnFields = Readonly<Record<string, Rev | null>>;

/** What was on the screen when editing began; it is kept with the draft and never renewed by a pull (SPEC 3.2). */
export interface Editing {
  readonly entity: string;
  readonly pk: string;
  readonly seenRev: Rev | null;
  /** The highest `agg` held for the row's aggregate, for a delete (SPEC 5.9). */
  readonly seenAgg: number | null;
  readonly base: Fields;
  readonly own?: OwnFields;
  /** The generation of the mirror that it was seen in; what an earlier epoch showed was not seen of this one. */
  readonly gen?: number;
}

/**
 * One wish of a user. `fields` are the values wanted, never differences: the store works out what changed
 * against `editing.base` (sets and counters become deltas, groups travel whole). A command's `fields` are its body;
 * a restore's are `{ delete: <mutation id> }`.
 */
export interface Change {
  readonly entity: string;
  readonly pk: string;
  readonly op: Op;
  readonly fields?: Fields;
  /** Needed for every op but create; without it the present view counts as seen. */
  readonly editing?: Editing;
  readonly after?: readonly string[];
  /** The parked mutation that this one mends. */
  readonly supersedes?: string;
}

/** What was written: one act on disk, durable before the promise resolves. Empty `mutations` = nothing differed. */
export interface Enqueued {
  readonly mutations: readonly { readonly id: string; readonly entity: string; readonly pk: string }[];
  /** What `undo` enqueues, txn by txn; null for an act that has no inverse (a command). */
  readonly inverse: readonly (readonly Change[])[] | null;
}

export type SyncPhase = "idle" | "pushing" | "pulling" | "downloading" | "verifying" | "waiting";

/** The truth about sync, for the badge and the Sync status screen. */
export interface SyncStatus {
  readonly phase: SyncPhase;
  /** Acts, as a person counts what they did, of which the server has not acknowledged everything; never 0 before it has. */
  readonly waiting: number;
  /** When the oldest of them was written (ms), or null. */
  readonly oldestWaitingAt: number | null;
  /** Open parked rows and open conflicts. */
  readonly needsYou: number;
  readonly lastSyncAt: number | null;
  /** The last request found no server. */
  readonly offline: boolean;
  /** An error code of the catalogue, or null. */
  readonly error: string | null;
  readonly storage: StorageState;
  readonly updateReady: boolean;
  /** The server asks for the password again; nothing is lost meanwhile. */
  readonly sessionExpired: boolean;
  /** Everything granted has been downloaded once: "none" may be said instead of "not downloaded yet". */
  readonly bootstrapped: boolean;
  /** Rows of the first download so far, for its screen. */
  readonly downloadedRows: number;
  /** Changes on the server that its last backup lacks, null when there is no backup; this device keeps them, too (SPEC 8.9). */
  readonly notBackedUp: number | null;
  /** So many that the oldest are no longer kept here. */
  readonly isJournalFull: boolean;
  /** Acts that waited when the browser took this device's data away; null when it did not, or the person has seen it. */
  readonly evicted: number | null;
}

export interface StorageState {
  /** Bytes used and allowed, null where the browser does not tell. */
  readonly used: number | null;
  readonly quota: number | null;
  /** Whether the browser promised not to throw this data away; null until it was asked. */
  readonly persistent: boolean | null;
  /** The disk was full: pulling pauses, writing and pushing go on. */
  readonly full: boolean;
}

/** A person known to this device, with what the app needs to start without a network. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** rep, manager or admin. */
  readonly role: string;
  readonly loginName: string;
  readonly locale: string;
  readonly company: { readonly name: string; readonly zone: string };
}

/** One person's open local database. */
export interface Store {
  readonly person: string;
  readonly db: Database;
  readonly catalog: Catalog;
  /** True once it was closed on purpose, so that nobody reopens it. */
  closed: boolean;
  close(): void;
}
