/** Hands unsent work to the person as a file: the last way out when a device can no longer reach its server. */
import { fromBytes } from "../sync/core/utf8";
import { listDrafts } from "./drafts";
import { readMeta } from "./meta";
import { unsentBlobs } from "./waiting";
import type { BlobRecord, Database, Draft, OutboxRecord } from "./db";
import type { Store } from "./types";

const entry = ({ seq, txn, id, sha, prev, line }: OutboxRecord) => ({ seq, txn, id, sha, prev, line: fromBytes(line) });

/** In steps: a photo has more bytes than a call takes arguments. */
function base64(bytes = new ArrayBuffer(0)): string {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Files that are part of something half typed. */
async function draftedBlobs({ blobs }: Database, drafts: readonly Draft[]): Promise<BlobRecord[]> {
  const text = JSON.stringify(drafts);
  return (await blobs.where("state").equals("draft").toArray()).filter(({ sha256 }) => text.includes(sha256));
}

/** A JSON file with every mutation not acknowledged, byte for byte, all drafts, and the photos and files of both. `name` is a good file name. */
export async function exportOutbox(store: Store): Promise<{ name: string; file: Blob }> {
  const { db, person } = store;
  // First: what is saved meanwhile is in the file twice rather than not at all.
  const drafts = await listDrafts(store);
  const [{ device, parent }, entries, blobs] = await db.transaction("r", [db.meta, db.outbox, db.blobs], async () => [
    await readMeta(db, "device", "parent"),
    await db.outbox.where("acked").equals(0).sortBy("seq"),
    await unsentBlobs(db),
  ] as const);
  const named = [...blobs, ...(await draftedBlobs(db, drafts))];
  const files = await Promise.all(named.map(async ({ sha256, media_type }) => ({ sha256, media_type, base64: base64(await db.bytes.get(sha256)) })));
  const written = new Date().toISOString();
  const content = { format: "baifang-outbox", version: 1, person, device, parent, written, entries: entries.map(entry), drafts, files };
  const name = `baifang-${written.slice(0, 16).replace(/[:T]/g, "-")}.json`;
  return { name, file: new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }) };
}
