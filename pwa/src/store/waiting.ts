/** What still waits to be sent, in words that a screen can show. */
import { mutationOf } from "./pending";
import { steady } from "./steady";
import type { Op, Store } from "./types";

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
  /** The fields it touches. */
  readonly fields: readonly string[];
  /** The parked mutation that it mends, or null. */
  readonly supersedes: string | null;
}

/** The oldest first. */
export async function waitingItems(store: Store, limit = 100): Promise<WaitingItem[]> {
  const entries = await steady(store, () => store.db.outbox.where("acked").equals(0).limit(limit).toArray());
  return entries.map((entry) => {
    const { id, seq, entity, pk, op, parent, at, supersedes = null } = entry;
    return { id, seq, entity, pk, op, parent, at, supersedes, fields: Object.keys(mutationOf(entry).patch) };
  });
}
