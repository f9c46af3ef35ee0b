/** Keeps one result at hand for the next start, and gives it back only while nothing has happened to the database since. */
import type { Database } from "./db";
import { type Mark, readMeta, writeMeta } from "./meta";
import { steady } from "./steady";
import { unlessFull } from "./storage";
import type { Store } from "./types";

/** Changes with every page, download, wipe and act. */
const metaMark = async (db: Database): Promise<string> =>
  JSON.stringify(Object.values(await readMeta(db, "cursor", "epoch", "gen", "downloadedRows", "lastSeq")));

/** Changes with every answer of the server. */
const outboxMark = async (db: Database): Promise<string> =>
  `${await db.outbox.count()} ${await db.outbox.where("acked").equals(0).count()}`;

const markOf = async (db: Database): Promise<Mark> => ({ meta: await metaMark(db), outbox: await outboxMark(db) });

export const readMark = (store: Store): Promise<Mark> =>
  steady(store, () => store.db.transaction("r", [store.db.meta, store.db.outbox], async () => markOf(store.db)));

/** Writes down what was worked out at `mark`; nothing, when the database was wiped or written to meanwhile. */
export const keepReady = (store: Store, mark: Mark, value: unknown): Promise<void> =>
  unlessFull(() =>
    steady(store, () =>
      store.db.transaction("rw", store.db.meta, async () => {
        if ((await metaMark(store.db)) === mark.meta) await writeMeta(store.db, { ready: { mark, value } });
      }),
    ),
  );

/** What was kept; null where nothing was, or something has happened since. */
export const readReady = (store: Store): Promise<unknown> =>
  steady(store, () =>
    store.db.transaction("r", [store.db.meta, store.db.outbox], async () => {
      const { ready } = await readMeta(store.db, "ready");
      if (ready === null) return null;
      const now = await markOf(store.db);
      return ready.mark.meta === now.meta && ready.mark.outbox === now.outbox ? ready.value : null;
    }),
  );
