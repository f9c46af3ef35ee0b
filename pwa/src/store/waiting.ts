/** What still waits to be sent, in words that a screen can show, and counted as the person who did it would. */
import type { BlobRecord, Database, OutboxRecord } from "./db";
import { mutationOf } from "./pending";
import { steady } from "./steady";
import type { Fields, Op, Store } from "./types";

export interface WaitingItem {
  readonly id: string;
  readonly seq: number;
  readonly entity: string;
  readonly pk: string;
  readonly op: Op;
  /** Id of the row's root, for its name. */
  readonly parent: string;
  /** When it was written, ms. */
  readonly at: number;
  /** What it changes: values wanted of a create, a patch of the others (SPEC 3.3). */
  readonly patch: Fields;
  /** The parked mutation that it mends, or null. */
  readonly supersedes: string | null;
}

/** One thing that a person did, with what of it still waits; never empty. */
export type WaitingAct = readonly [WaitingItem, ...WaitingItem[]];

/** What a person did in one go. A txn that an older version wrote is an act by itself. */
const actOf = ({ act, txn }: Pick<OutboxRecord, "act" | "txn">): string => act ?? txn;

/** What people who did something still wait for: its mutations, and its photos and files. */
export const unsentBlobs = ({ blobs }: Database): PromiseLike<BlobRecord[]> => blobs.where("state").anyOf("waiting", "refused").toArray();

export const countActs = (entries: readonly OutboxRecord[], blobs: readonly BlobRecord[]): number =>
  new Set([...entries.map(actOf), ...blobs.map(({ act }) => act)]).size;

/** The oldest first. */
export async function waitingItems(store: Store, limit = 100): Promise<WaitingItem[]> {
  return (await waitingEntries(store, limit)).map(itemOf);
}

/** The same, each act in one piece, as far as it still waits. */
export async function waitingActs(store: Store, limit = 100): Promise<WaitingAct[]> {
  const acts = new Map<string, [WaitingItem, ...WaitingItem[]]>();
  for (const entry of await waitingEntries(store, limit)) {
    const known = acts.get(actOf(entry));
    if (known) known.push(itemOf(entry));
    else acts.set(actOf(entry), [itemOf(entry)]);
  }
  return [...acts.values()];
}

/** The photos and files that wait, and how large they are together. */
export async function waitingFiles(store: Store): Promise<{ count: number; bytes: number; refused: number }> {
  const blobs = await steady(store, () => unsentBlobs(store.db));
  const refused = blobs.filter(({ state }) => state === "refused").length;
  return { count: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0), refused };
}

const waitingEntries = (store: Store, limit: number): Promise<OutboxRecord[]> =>
  steady(store, () => store.db.outbox.where("acked").equals(0).limit(limit).toArray());

function itemOf(entry: OutboxRecord): WaitingItem {
  const { id, seq, entity, pk, op, parent, at, supersedes = null } = entry;
  return { id, seq, entity, pk, op, parent, at, supersedes, patch: mutationOf(entry).patch };
}
