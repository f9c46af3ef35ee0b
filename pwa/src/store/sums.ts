/** Sums the mirror by scope, to be compared with the server's (SPEC 1.7, 13.2). */
import Dexie from "dexie";
import { add, toHex, toNumber } from "../sync/core/digest";
import type { ScopeSum } from "../sync/wire/verify";
import { heldScopes } from "./scopes";
import type { Database } from "./db";
import { readMeta } from "./meta";
import type { Store } from "./types";

/** Rows read at a time, so that a large mirror never lies in memory whole. */
const STEP = 1000;

export interface MirrorSums {
  readonly device: string;
  readonly cursor: string | null;
  readonly scopes: Readonly<Record<string, ScopeSum>>;
}

/** Every granted or held scope's sum at the cursor, from one read transaction. */
export const mirrorSums = ({ db }: Store): Promise<MirrorSums> =>
  db.transaction("r", [db.mirror, db.meta], async () => {
    const { device, cursor, scopes } = await readMeta(db, "device", "cursor", "scopes");
    const keys = new Set([...(scopes ?? []), ...(await heldScopes(db))]);
    const sums: Record<string, ScopeSum> = {};
    for (const scope of keys) sums[scope] = await scopeSum(db, scope);
    return { device, cursor, scopes: sums };
  });

async function scopeSum(db: Database, scope: string): Promise<ScopeSum> {
  const keys = await db.mirror.where("[scope+gen]").between([scope, Dexie.minKey], [scope, Dexie.maxKey]).primaryKeys();
  let total = 0n;
  for (let at = 0; at < keys.length; at += STEP) {
    const some = await db.mirror.bulkGet(keys.slice(at, at + STEP));
    for (const record of some) total = add(total, toNumber(record!.digest));
  }
  return { count: keys.length, sum: toHex(total) };
}
