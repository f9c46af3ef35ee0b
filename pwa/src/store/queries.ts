/** Reads for screens: the mirror with everything that waits replayed on top, each row with its own mark. */
import Dexie from "dexie";
import type { MirrorRecord } from "./db";
import { withOwnCopies } from "./kept";
import { type Waiting, openRecords, served, shown, waitingFor, waitingOn } from "./shown";
import { rootOf } from "./catalog";
import { steady } from "./steady";
import type { Row, Store } from "./types";

export interface Before {
  readonly limit?: number;
  /** Only rows ordered before this; for the next page pass the last row's `at`. */
  readonly before?: number | string;
}

const read = <T>(store: Store, work: () => PromiseLike<T>): Promise<T> =>
  steady(store, () => store.db.transaction("r", [store.db.mirror, store.db.outbox], work));

/** One row, or null when there is none, or it is deleted or gone. */
export const getRow = (store: Store, entity: string, pk: string): Promise<Row | null> =>
  read(store, async () => {
    const record = await store.db.mirror.get([entity, pk]);
    const entries = await store.db.outbox.where("[entity+pk]").equals([entity, pk]).sortBy("seq");
    const about = await store.db.mirror.where("ref").equals(pk).toArray();
    const row = shown(store, entity, pk, record, await waitingFor(store, entries, about));
    return row && (await withOwnCopies(store, [row]))[0]!;
  });

/** A root's rows of one kind, the latest first. */
export const getChildren = (store: Store, entity: string, parent: string, page: Before = {}): Promise<Row[]> =>
  read(store, async () => {
    const entries = await store.db.outbox.where("[entity+parent]").equals([entity, parent]).sortBy("seq");
    const waiting = await waitingFor(store, entries, await openRecords(store, entity));
    const range = store.db.mirror
      .where("[entity+parent+at]")
      .between([entity, parent, Dexie.minKey], [entity, parent, page.before ?? Dexie.maxKey], true, false);
    const fits = ({ fields, pk, at }: Row) =>
      rootOf(store.catalog, entity, pk, fields) === parent && (page.before === undefined || order(at, page.before) < 0);
    return combined(store, entity, (count) => range.reverse().limit(count).toArray(), waiting, fits, page.limit);
  });

/**
 * All rows of one kind, the latest first; for kinds that are few or kept in memory anyway, see `lightList`. Read by key and put in
 * order here: one index more would make every downloaded row dearer.
 */
export const allOf = (store: Store, entity: string): Promise<Row[]> =>
  read(store, async () => {
    const entries = await store.db.outbox
      .where("[entity+parent]")
      .between([entity, Dexie.minKey], [entity, Dexie.maxKey])
      .sortBy("seq");
    const waiting = await waitingFor(store, entries, await openRecords(store, entity));
    const all = store.db.mirror.where("[entity+pk]").between([entity, Dexie.minKey], [entity, Dexie.maxKey]);
    return withOwnCopies(store, inOrder(await combined(store, entity, () => all.toArray(), waiting, () => true)));
  });

/** Served rows and rows that wait, in one list, the latest first. */
async function combined(
  store: Store,
  entity: string,
  fetch: (count: number) => PromiseLike<MirrorRecord[]>,
  waiting: Waiting,
  fits: (row: Row) => boolean,
  limit = Infinity,
): Promise<Row[]> {
  const pks = waitingOn(waiting);
  const records = await fetch(limit + pks.size);
  if (pks.size === 0) return records.map(served);
  const plain = records.filter(({ pk }) => !pks.has(pk)).map(served);
  const overlaid = await Promise.all([...pks].map((pk) => overlaidRow(store, entity, pk, waiting)));
  const rows = [...plain, ...overlaid.filter((row): row is Row => row !== null && fits(row))];
  return inOrder(rows).slice(0, limit);
}

const inOrder = (rows: Row[]): Row[] => rows.sort((a, b) => order(b.at, a.at) || order(b.pk, a.pk));

async function overlaidRow(store: Store, entity: string, pk: string, waiting: Waiting): Promise<Row | null> {
  const record = await store.db.mirror.get([entity, pk]);
  return shown(store, entity, pk, record, {
    ...waiting,
    entries: waiting.entries.filter((entry) => entry.pk === pk),
    about: waiting.about.filter(({ ref }) => ref === pk),
  });
}

/** As IndexedDB orders keys: numbers before strings. Its own comparison would take longer than reading the rows. */
function order(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
