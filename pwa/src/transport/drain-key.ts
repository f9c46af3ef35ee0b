/** The key by which an outbox can still be delivered when its person's access has been ended (SPEC 8.11); using it is drain.ts. */
import type { Database } from "../store/db";
import { readMeta, writeMeta } from "../store/meta";
import { isQuotaError, setFull, unlessFull } from "../store/storage";
import { shaHex } from "../sync/core/digest";
import { toBytes } from "../sync/core/utf8";
import { type Context, SYNC } from "./context";
import { HttpError } from "./http";

/** Makes the key if there is none, and tells the server its hash, once for each device id and epoch. */
export async function keepDrainKey({ store: { db }, http }: Context): Promise<void> {
  const { drain, device, epoch } = await readMeta(db, "drain", "device", "epoch");
  if (drain?.device === device && drain.epoch === epoch && !drain.isBarred) return;
  const key = drain?.key ?? newKey();
  // Kept before it is told: the server must never know a key that is lost. A full device has none until there is room; the queue does not wait for it.
  try {
    await writeMeta(db, { drain: { key, device: null, epoch, isBarred: false } });
  } catch (error) {
    if (isQuotaError(error)) return setFull(true);
    throw error;
  }
  try {
    await http(`${SYNC}/drain-key`, { method: "POST", body: JSON.stringify({ device, key_hash: shaHex(toBytes(key)) }) });
  } catch (error) {
    // An older server has no such door; it must not stop the queue.
    if (error instanceof HttpError && error.status === 404) return;
    throw error;
  }
  await unlessFull(() => writeMeta(db, { drain: { key, device, epoch, isBarred: false } }));
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Notes that access was ended: from now on what is here leaves by its own door. */
export async function noteBarred(db: Database): Promise<void> {
  const { drain } = await readMeta(db, "drain");
  if (drain) await writeMeta(db, { drain: { ...drain, isBarred: true } });
}
