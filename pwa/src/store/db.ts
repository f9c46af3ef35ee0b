/** The tables of one person's database on this device, and how the connection is kept alive. */
import Dexie, { type Table } from "dexie";
import type { Stamp } from "../sync/core/clock";
import type { JsonObject } from "../sync/core/canonical";
import type { Rev } from "../sync/core/digest";
import type { Op } from "../sync/core/mutation";
import type { Receipt } from "../sync/wire/push";
import { countTransactions } from "./aside";

/** A row as served: the raw body is kept, so that fields unknown to this version survive (SPEC 15.5). */
export interface MirrorRecord {
  entity: string;
  pk: string;
  body: string;
  rev: Rev;
  scope: string;
  agg: number;
  /** 32 hex digits, computed before the transaction (SPEC 1.7). */
  digest: string;
  /** Rises with every reset or rebuild; a scope's older rows go when it has joined (SPEC 11.7). */
  gen: number;
  /** Id of the row's root; the row's own id for a root, "" where there is none. */
  parent: string;
  at: number | string;
  /** Of open conflicts and open parked rows only: the pk of the row they are about. */
  ref?: string;
}

/** One mutation on its way. `line` and `id` never change; the envelope part changes only in a fork (SPEC 8.6, 15.1). */
export interface OutboxRecord {
  seq: number;
  txn: string;
  /** Id of the first txn of what the person did in one go; entries of older versions lack it (see actOf). */
  act?: string;
  id: string;
  sha: string;
  prev: string | null;
  /** The mutation's stamp, by which the skew known at its writing is found again at push (SPEC 2.2). */
  hlc: Stamp;
  line: Uint8Array;
  entity: string;
  pk: string;
  op: Op;
  parent: string;
  /** Wall clock of the writing, for the age shown to the person. */
  at: number;
  supersedes?: string;
  /** The cursor of the mirror that it was written over: what it can have seen, and what not (SPEC 8.8). */
  over?: string | null;
  /** It was written before the present epoch: the revision that it saw is of another timeline. */
  isOlder?: true;
  /** 1 once acknowledged: an index cannot hold a boolean (R39). */
  acked: 0 | 1;
  receipt?: Receipt;
}

/** An acknowledged mutation that the server's last backup may lack; `log` is its receipt's log position (SPEC 8.9). */
export interface JournalRecord extends OutboxRecord {
  log: number;
}

/** A leave or delete seen while a scope was still downloading; no chunk row may overwrite it (SPEC 12.2). */
export interface Marker {
  entity: string;
  pk: string;
  rev: Rev;
}

/**
 * A photo or file as this device has it; its bytes lie beside it in `bytes`, as an ArrayBuffer. `draft`: of an act not yet saved ·
 * `waiting`: to be sent · `refused`: the server will not keep it (`error`), a person decides · `sent`: whole on the server, kept until a backup
 * holds it (SPEC 18.8) · `cached`: may go at any time · `wanted`: asked for by a screen, no bytes yet.
 */
export interface BlobRecord {
  sha256: string;
  media_type: string;
  size: number;
  state: "draft" | "waiting" | "refused" | "sent" | "cached" | "wanted";
  at: number;
  /** Id of the first txn of the act that named it, "" for none. */
  act: string;
  /** The log's head when it was complete; 0 before. */
  log: number;
  /** A row that names it: a cached one goes when that leaves. */
  row?: readonly [entity: string, pk: string];
  error?: string;
}

/** A picture as it was chosen, until it is small; with all that a camera writes beside it. */
export interface PickedRecord {
  id: string;
  /** The key of the draft that it goes to. */
  key: string;
  /** When it was taken, and when it was put here, ms. */
  at: number;
  keptAt: number;
  type: string;
  bytes: ArrayBuffer;
}

export interface Draft {
  key: string;
  value: JsonObject;
  at: number;
}

export class Database extends Dexie {
  declare mirror: Table<MirrorRecord, [string, string]>;
  declare outbox: Table<OutboxRecord, number>;
  declare journal: Table<JournalRecord, number>;
  declare drafts: Table<Draft, string>;
  declare markers: Table<Marker, [string, string]>;
  declare meta: Table<unknown, string>;
  declare blobs: Table<BlobRecord, string>;
  declare bytes: Table<ArrayBuffer, string>;
  declare picked: Table<PickedRecord, string>;

  constructor(name: string) {
    // Strict: a write is on the disk before the screen says so; the default is relaxed in every engine.
    super(name, { chromeTransactionDurability: "strict", cache: "disabled" });
    this.version(1).stores({
      mirror: "[entity+pk],[entity+parent+at],[entity+at],[scope+gen],ref",
      outbox: "seq,&id,[entity+pk],[entity+parent],acked",
      drafts: "key",
      markers: "[entity+pk]",
      meta: "",
    });
    this.version(2).stores({ journal: "seq,log" });
    this.version(3).stores({ blobs: "sha256,state", bytes: "" });
    // Without `[entity+at]`: half of a first download's time is indexes.
    this.version(4).stores({ mirror: "[entity+pk],[entity+parent+at],[scope+gen],ref" });
    this.version(5).stores({ picked: "id,key" });
    countTransactions(this);
  }
}
