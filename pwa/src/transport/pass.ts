/** One sync pass: send, look whether anything is new, bring it in, and from time to time prove the mirror right. */
import { currentPerson } from "../store/people";
import { readMeta, writeMeta } from "../store/meta";
import { keepReserve, measureStorage } from "../store/storage";
import type { SyncPhase } from "../store/types";
import { parseHeadReply } from "../sync/wire/head";
import { type Context, SYNC } from "./context";
import { keepDrainKey } from "./drain-key";
import { OfflineError, read } from "./http";
import { pullAll } from "./pull";
import { pushAll } from "./push";
import { report } from "./status";

/** A quiet scope's cursor must advance although nothing is new in it (R23). */
const DAILY_MS = 20 * 3600 * 1000;
const VERIFY_MS = 6 * 3600 * 1000;

/** True when everything is done; false when the turn ended before. Throws HttpError, OfflineError. */
export async function pass(context: Context): Promise<boolean> {
  const { store, turn } = context;
  // The cookie may belong to somebody else by now; what is here may only be sent as its author.
  if (currentPerson()?.id !== store.person) return true;
  await keepDrainKey(context);
  // A quiet poll must not flicker on the screen.
  if (await isWaiting(context)) phase(context, "pushing");
  if (!(await pushAll(context))) return false;
  const tag = await head(context);
  if (tag !== null && !(await catchUp(context, tag))) return false;
  if (turn.isMine() && (await isVerifyDue(context))) await prove(context);
  await keepReserve(store);
  await measureStorage();
  // A page of another epoch takes acknowledgements back (SPEC 8.9).
  return !(await isWaiting(context));
}

const isWaiting = async ({ store }: Context): Promise<boolean> => (await store.db.outbox.where("acked").equals(0).count()) > 0;

const phase = ({ store }: Context, to: SyncPhase): void => report(store, { phase: to });

/** The new ETag ("" when there is none) when a pull is due, else null. */
async function head({ store, http }: Context): Promise<string | null> {
  const meta = await readMeta(store.db, "device", "headTag", "lastPullAt", "joins", "cursor");
  const isBehind = meta.cursor === null || Object.keys(meta.joins).length > 0;
  const isOld = meta.lastPullAt === null || Math.abs(Date.now() - meta.lastPullAt) > DAILY_MS;
  const known = meta.headTag !== null && !isBehind && !isOld ? { "if-none-match": meta.headTag } : {};
  const answer = await http(`${SYNC}/head?device=${meta.device}`, { headers: known });
  if (answer.status === 304) return null;
  read(answer, parseHeadReply);
  return answer.headers.get("etag") ?? "";
}

/** The tag is kept only after the pull that it announced, so that a cut pull is asked for again. */
async function catchUp(context: Context, tag: string): Promise<boolean> {
  const { db } = context.store;
  const { scopes, joins } = await readMeta(db, "scopes", "joins");
  phase(context, scopes === null || Object.keys(joins).length > 0 ? "downloading" : "pulling");
  if (!(await pullAll(context))) return false;
  await writeMeta(db, { headTag: tag, lastSyncAt: Date.now() });
  return true;
}

async function isVerifyDue({ store }: Context): Promise<boolean> {
  const { verifiedAt, joins } = await readMeta(store.db, "verifiedAt", "joins");
  return Object.keys(joins).length === 0 && (verifiedAt === null || Math.abs(Date.now() - verifiedAt) > VERIFY_MS);
}

/** Its code is fetched when it is due: the first screen does not wait for it. */
async function prove(context: Context): Promise<void> {
  phase(context, "verifying");
  const { verify } = await import("./verify").catch((cause: unknown) => {
    throw new OfflineError(false, cause);
  });
  // What differs is pulled and looked at once more, then built anew; a third look is for another day.
  for (let look = 0; look < 2 && (await verify(context)); look++) await pullAll(context);
}
