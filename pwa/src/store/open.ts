/** Opens one person's database and keeps it open: Safari may lose a connection at any moment. */
import type { Catalog } from "./catalog";
import { closeLine } from "./changes";
import { Database } from "./db";
import { flushDrafts } from "./drafts";
import { newId } from "./ids";
import { writeMeta } from "./meta";
import type { Store } from "./types";

export const databaseName = (person: string): string => `baifang-${person}`;

/** Whether this browser can keep data at all; without it the app shows a plain page instead of starting. */
export const canStore = (): boolean => {
  try {
    return typeof indexedDB === "object" && indexedDB !== null;
  } catch {
    return false; // Some browsers throw on the mere mention in a sandboxed frame.
  }
};

/** Opens, and creates on the first time. A new database is a new device: its id lives nowhere else (SPEC 8.6). */
export async function openStore(person: string, catalog: Catalog): Promise<Store> {
  const db = new Database(databaseName(person));
  const store: Store = { person, db, catalog, closed: false, close: () => close(store) };
  db.on("versionchange", () => {
    void flushDrafts(store).finally(() => store.close());
    return false;
  });
  await db.open();
  // Read first: whoever starts waits for no other tab's writing.
  if ((await db.meta.get("device")) === undefined) await beNewDevice(db);
  return store;
}

const beNewDevice = (db: Database): Promise<void> =>
  db.transaction("rw", db.meta, async () => {
    if ((await db.meta.get("device")) === undefined) await writeMeta(db, { device: newId() });
  });

function close(store: Store): void {
  store.closed = true;
  closeLine(store);
  store.db.close();
}
