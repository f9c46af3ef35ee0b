/** Downloads begun anew and scopes given up: how a mirror that is not right becomes right again (promise 5). */
import Dexie from "dexie";
import { publishChange } from "./changes";
import type { Database } from "./db";
import { readMeta, writeMeta } from "./meta";
import type { Store } from "./types";

/** Every scope that the mirror holds rows of. */
export async function heldScopes(db: Database): Promise<string[]> {
  const keys = (await db.mirror.orderBy("[scope+gen]").uniqueKeys()) as unknown as [string, number][];
  return [...new Set(keys.map(([scope]) => scope))];
}

/** Removes a scope's rows of generations lower than `below`; of all, when it is not given. */
export const removeScope = (db: Database, scope: string, below?: number): PromiseLike<number> =>
  db.mirror.where("[scope+gen]").between([scope, Dexie.minKey], [scope, below ?? Dexie.maxKey], true, false).delete();

/** Removes what was no longer granted at this cursor (SPEC 13.2, `not_granted`); once it has moved, a page may have granted it again. */
export async function dropScope(store: Store, scope: string, cursor: string): Promise<void> {
  const { db } = store;
  await db.transaction("rw", [db.mirror, db.meta], async () => {
    const meta = await readMeta(db, "joins", "cursor");
    if (meta.cursor !== cursor) return;
    const { [scope]: _gone, ...joins } = meta.joins;
    await removeScope(db, scope);
    await writeMeta(db, { joins });
  });
  publishChange(store, { rows: "all" });
}

/** Starts a scope's download anew; its present rows stay until the new ones are there. */
export async function rebuildScope({ db }: Store, scope: string): Promise<void> {
  await db.transaction("rw", db.meta, async () => {
    const { gen, joins } = await readMeta(db, "gen", "joins");
    await writeMeta(db, { gen: gen + 1, joins: { ...joins, [scope]: { phase: "snapshot", token: null, gen: gen + 1 } } });
  });
}

/** Forgets a token that the server refuses; a no-op when the download has moved on meanwhile. */
export async function restartScope({ db }: Store, scope: string, token: string | null): Promise<void> {
  await db.transaction("rw", db.meta, async () => {
    const { joins } = await readMeta(db, "joins");
    const join = joins[scope];
    if (join && join.token === token) await writeMeta(db, { joins: { ...joins, [scope]: { ...join, phase: "snapshot", token: null } } });
  });
}

/** Asks for everything again from the start; rows stay visible until their scope has joined anew. */
export async function restartPull({ db }: Store, cursor: string): Promise<void> {
  await db.transaction("rw", db.meta, async () => {
    const meta = await readMeta(db, "cursor", "gen");
    if (meta.cursor !== cursor) return;
    await writeMeta(db, { cursor: null, pulledSeq: 0, gen: meta.gen + 1, joins: {}, unequal: [], headTag: null });
  });
}
