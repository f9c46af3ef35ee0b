/** Opens one person's database and keeps it open: Safari may lose a connection at any moment. */
import type { Catalog } from "./catalog";
import { closeLine } from "./changes";
import { Database } from "./db";
import { tryFlush } from "./drafts";
import { noteEvicted } from "./evicted";
import { newId } from "./ids";
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
    void tryFlush(store).finally(() => store.close());
    return false;
  });
  let [isOpen, isNew] = [false, false];
  db.on("populate", (creating) => {
    isNew = true;
    return creating.table("meta").add(newId(), "device");
  });
  db.on("ready", () => {
    if (isOpen && isNew) noteEvicted(store);
    [isOpen, isNew] = [true, false];
  }, true);
  // The browser closes a database that it takes away; whoever looks at old screens must hear of it without a tap.
  db.on("close", () => void setTimeout(() => void (store.closed || reopened(db))));
  await db.open();
  return store;
}

/** Where that fails, whoever asks for something next says so. */
const reopened = (db: Database): Promise<unknown> => Promise.resolve(db.open()).catch(() => undefined);

function close(store: Store): void {
  store.closed = true;
  closeLine(store);
  store.db.close();
}
