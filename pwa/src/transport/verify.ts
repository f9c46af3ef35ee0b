/** Proves by sums that the mirror is exactly the scope, and mends what is not (SPEC 13.2). */
import { dropScope, rebuildScope, restartPull } from "../store/scopes";
import { readMeta, writeMeta } from "../store/meta";
import { mirrorSums } from "../store/sums";
import { VERSION } from "../sync/wire/push";
import { type VerifyReply, parseVerifyReply } from "../sync/wire/verify";
import { type Context, LONG_MS, SYNC } from "./context";
import { HttpError, read } from "./http";

/** Compares all scopes. Returns whether something differs, so that a pull and a second look are due. */
export async function verify(context: Context): Promise<boolean> {
  const { store, http } = context;
  const { device, cursor, scopes } = await mirrorSums(store);
  if (cursor === null) return false;
  const body = JSON.stringify({ v: VERSION, device, cursor, scopes });
  try {
    const answer = await http(`${SYNC}/verify`, { method: "POST", body, patienceMs: LONG_MS });
    return await mend(context, cursor, read(answer, parseVerifyReply));
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "bad_cursor") throw error;
    await restartPull(store, cursor);
    return true;
  }
}

async function mend({ store }: Context, cursor: string, { results }: VerifyReply): Promise<boolean> {
  const { unequal } = await readMeta(store.db, "unequal");
  const named = (result: string) => Object.keys(results).filter((scope) => results[scope] === result);
  const differing = named("mismatch");
  for (const scope of named("not_granted")) await dropScope(store, scope, cursor);
  // Once may be a race with a write; twice is a broken mirror.
  const broken = differing.filter((scope) => unequal.includes(scope));
  for (const scope of broken) await rebuildScope(store, scope);
  const again = differing.filter((scope) => !broken.includes(scope));
  await writeMeta(store.db, { unequal: again, verifiedAt: again.length > 0 ? null : Date.now() });
  return differing.length > 0;
}
