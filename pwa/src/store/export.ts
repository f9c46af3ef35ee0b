/** Hands unsent work to the person as a file: the last way out when a device can no longer reach its server. */
import { fromBytes } from "../sync/core/utf8";
import { readMeta } from "./meta";
import type { OutboxRecord } from "./db";
import type { Store } from "./types";

const entry = ({ seq, txn, id, sha, prev, line }: OutboxRecord) => ({ seq, txn, id, sha, prev, line: fromBytes(line) });

/** A JSON file with every mutation not acknowledged, byte for byte, and all drafts. `name` is a good file name. */
export async function exportOutbox(store: Store): Promise<{ name: string; file: Blob }> {
  const { db, person } = store;
  const [{ device, parent }, entries, drafts] = await db.transaction("r", [db.meta, db.outbox, db.drafts], async () => [
    await readMeta(db, "device", "parent"),
    await db.outbox.where("acked").equals(0).sortBy("seq"),
    await db.drafts.toArray(),
  ] as const);
  const written = new Date().toISOString();
  const content = { format: "baifang-outbox", version: 1, person, device, parent, written, entries: entries.map(entry), drafts };
  const name = `baifang-${written.slice(0, 16).replace(/[:T]/g, "-")}.json`;
  return { name, file: new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }) };
}
