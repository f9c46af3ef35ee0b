/**
 * Lets go of the database when the browser puts this page aside. Safari freezes such a page together with its open
 * transaction; whoever opens the app next would wait behind it for ever, in front of an empty screen.
 */
import type Dexie from "dexie";
import type { DBCore, DBCoreTransaction } from "dexie";

const underWay = new Set<IDBTransaction>();
let aside = false;

/** Whether this page was put aside: from then on it begins nothing, for it comes back only to load anew. */
export const isAside = (): boolean => aside;

/** Knows from now on which transactions of this database are under way. */
export function countTransactions(db: Dexie): void {
  db.use({ stack: "dbcore", name: "aside", create: (core) => ({ ...core, transaction: counted(core) }) });
}

function counted(core: DBCore): DBCore["transaction"] {
  return (stores, mode, options) => {
    const begun: DBCoreTransaction = core.transaction(stores, mode, options);
    const transaction = begun as IDBTransaction;
    underWay.add(transaction);
    for (const end of ["complete", "abort"]) transaction.addEventListener(end, () => underWay.delete(transaction));
    return begun;
  };
}

/**
 * Undoes what is half done when the page is put aside, and starts afresh should it be fetched back; `save` is waited
 * for first. An undone act has told nobody that it was done: its draft still holds it.
 */
export function watchAside(save: () => Promise<void>): void {
  addEventListener("pagehide", ({ persisted }) => persisted && abandon());
  addEventListener("pageshow", ({ persisted }) => persisted && void comeBack(save));
}

/** A page that cannot write down what it holds stays as it is. */
async function comeBack(save: () => Promise<void>): Promise<void> {
  aside = false;
  await save();
  location.reload();
}

export function abandon(): void {
  aside = true;
  for (const transaction of underWay) {
    try {
      transaction.abort();
    } catch {
      // It is being committed: it ends without this page.
    }
  }
}
