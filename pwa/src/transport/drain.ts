/** The outbox's way out when its person's access has been ended: it can deliver what it holds, and nothing else (SPEC 8.11). */
import type { Database } from "../store/db";
import { announceAgain, journalTables } from "../store/journal";
import { readMeta, writeMeta } from "../store/meta";
import { unsentWork } from "../store/leaving";
import { forgetReceipts } from "../store/receipts";
import type { Store } from "../store/types";
import { unsentBlobs } from "../store/waiting";
import { type PushReply, parsePushReply } from "../sync/wire/push";
import { type Context, SYNC } from "./context";
import { noteBarred } from "./drain-key";
import { HttpError, type Http, read } from "./http";
import type { Turn } from "./lock";
import { PullPace, PushPace } from "./pace";
import { pushAll, send } from "./push";

/** What became of an outbox: `kept` is not ours to send, `waiting` is on its way, `done` may be wiped, `destroyed` must be. */
export type Drained = "kept" | "waiting" | "done" | "destroyed";

/** Delivers as far as one turn goes. Throws HttpError and OfflineError where it is worth another try. */
export async function drain(store: Store, http: Http, turn: Turn): Promise<Drained> {
  const { drain: known } = await readMeta(store.db, "drain");
  const { acts } = await unsentWork(store);
  if (known === null || (acts === 0 && !known.isBarred)) return "kept";
  const context: Context = { store, http: byKey(store.db, http, known.key), push: new PushPace(), pull: new PullPace(), turn };
  try {
    return await deliver(context, known.epoch);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.code === "outbox_destroyed") return "destroyed";
    if (error.status === 401 || error.status === 403) return "kept";
    throw error;
  }
}

/** Nothing but pushes, and these through the other door; the cookie, perhaps another person's, stays here. */
const byKey = (db: Database, http: Http, key: string): Http => async (path, ask = {}) => {
  if (path !== `${SYNC}/push`) return http(path, { ...ask, isAnonymous: true });
  const { lastSeq } = await readMeta(db, "lastSeq"); // a fork numbers anew
  const headers = { ...ask.headers, "x-baifang-drain": key };
  return http(`${SYNC}/drain?enqueued_through=${lastSeq}`, { ...ask, isAnonymous: true, headers });
};

async function deliver(context: Context, epoch: number): Promise<Drained> {
  const { db } = context.store;
  const { epoch: now } = await knock(context);
  await noteBarred(db);
  // The server was restored since: what it acknowledged may be lost (SPEC 8.9).
  if (now !== epoch) await takeBack(db, now);
  if (!(await pushAll(context))) return "waiting";
  return (await isHeldByBackup(db, (await knock(context)).durable_seq)) ? "done" : "waiting";
}

/** Everything is to be sent again, to a server of a new epoch. */
const takeBack = (db: Database, epoch: number): Promise<void> =>
  db.transaction("rw", [...journalTables(db), db.meta], async () => {
    await forgetReceipts(db);
    await announceAgain(db);
    const { drain } = await readMeta(db, "drain");
    await writeMeta(db, { drain: { ...drain!, epoch } });
  });

/** A push of nothing: tells whether the door is open, of which epoch the server is, and what its backups hold. */
async function knock({ store, http }: Context): Promise<PushReply> {
  const { device, parent, epoch } = await readMeta(store.db, "device", "parent", "epoch");
  const batch = { device, parent, epoch, cursor: null, ackedThrough: 0, items: [], txns: 0 };
  return read((await send(store, http, batch, null, false)).answer, parsePushReply);
}

/** Drafts, and pictures that are no part of one yet. */
const unfinished = async (db: Database): Promise<number> => (await db.drafts.count()) + (await db.picked.count());

/**
 * Whether the device's own copy is needed no more: a backup holds all of it, as it was written, and no draft is left. Photos and files have no way
 * out by this door: they wait here for their author's next sign-in, and those that are whole on the server for its next backup.
 */
async function isHeldByBackup(db: Database, durable: number): Promise<boolean> {
  const sent = db.blobs.where("state").equals("sent").toArray();
  const [entries, journal, drafts, blobs, files] = await Promise.all([db.outbox.toArray(), db.journal.toArray(), unfinished(db), unsentBlobs(db), sent]);
  const isHeld = entries.every(({ receipt }) => receipt !== undefined && receipt.code !== "sha_mismatch" && (receipt.log_seq ?? durable) < durable);
  return drafts === 0 && blobs.length === 0 && isHeld && [...journal, ...files].every(({ log }) => log < durable);
}
