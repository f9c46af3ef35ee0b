/** Which pushes were shown on this device: opaque ids of the last few days, so that none is shown twice. */

const [NAME, STORE] = ["baifang-push", "shown"];
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;

/** Notes an id; false when it is noted already. */
export async function remember(id: string, now: number = Date.now()): Promise<boolean> {
  const db = await open();
  try {
    return await note(db.transaction(STORE, "readwrite", { durability: "strict" }), id, now);
  } finally {
    db.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE).createIndex("at", "");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("no database"));
  });
}

function note(transaction: IDBTransaction, id: string, now: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const shown = transaction.objectStore(STORE);
    const known = shown.getKey(id);
    known.onsuccess = () => void (known.result === undefined && shown.put(now, id));
    const old = shown.index("at").openKeyCursor(IDBKeyRange.upperBound(now - KEPT_MS));
    old.onsuccess = () => {
      if (old.result === null) return;
      shown.delete(old.result.primaryKey);
      old.result.continue();
    };
    transaction.oncomplete = () => resolve(known.result === undefined);
    transaction.onabort = () => reject(transaction.error ?? new Error("not noted"));
  });
}
