/** Remembers what was seen when editing began; no pull may advance it, or a stale form would overwrite in silence (R7). */
import Dexie from "dexie";
import type { Mutation } from "../sync/core/mutation";
import { rootOf } from "./catalog";
import { readMeta } from "./meta";
import { getRow } from "./queries";
import { steady } from "./steady";
import { EnqueueError } from "./errors";
import type { Editing, Row, Store } from "./types";

/** Captures the row as the screen shows it, own unsent edits included (R6). Throws EnqueueError `gone`. */
export async function beginEdit(store: Store, entity: string, pk: string): Promise<Editing> {
  const seen = await seenNow(store, entity, pk);
  return { ...seen, seenAgg: await highestAgg(store, entity, rootOf(store.catalog, entity, pk, seen.base)) };
}

/** The same for what is surely no delete, without reading the whole aggregate. */
export async function seenNow(store: Store, entity: string, pk: string): Promise<Editing> {
  const row = await getRow(store, entity, pk);
  if (!row) throw new EnqueueError("gone", [entity]);
  return { entity, pk, seenRev: row.rev, seenAgg: null, base: row.fields, ...parts(row) };
}

const parts = ({ own, gen }: Row): Pick<Editing, "own" | "gen"> => ({ ...(own ? { own } : {}), ...(gen === undefined ? {} : { gen }) });

type Claims = Pick<Mutation, "seen_rev" | "seen_agg">;

/** What a change may claim to have seen: nothing, when it was begun before the present epoch, where the same numbers meant others (R2). */
export function claimed<T extends Claims>(mutation: T, { gen }: Editing, epochGen: number): T {
  if (gen === undefined || gen >= epochGen) return mutation;
  return { ...mutation, seen_rev: null, ...(mutation.seen_agg === undefined ? {} : { seen_agg: 0 }) };
}

/** The highest write count held of an aggregate: what a delete has seen (SPEC 5.9). Rows of an earlier epoch tell nothing (R2). */
async function highestAgg(store: Store, entity: string, root: string): Promise<number | null> {
  const rootEntity = store.catalog.specs.get(entity)?.root?.entity ?? entity;
  const members = [...store.catalog.specs.values()].filter(
    (spec) => spec.name === rootEntity || spec.root?.entity === rootEntity,
  );
  const held = await steady(store, () =>
    Promise.all(
      members.map(({ name }) =>
        store.db.mirror
          .where("[entity+parent+at]")
          .between([name, root, Dexie.minKey], [name, root, Dexie.maxKey])
          .toArray(),
      ),
    ),
  );
  const { epochGen } = await steady(store, () => readMeta(store.db, "epochGen"));
  const counts = held.flat().filter(({ gen }) => gen >= epochGen).map(({ agg }) => agg);
  return counts.length > 0 ? Math.max(...counts) : null;
}
