/** A light list in memory, for searching thousands of customers without touching the disk. */
import { type Signal, signal } from "@preact/signals";
import { type StoreChange, onChange } from "./changes";
import { ABOUT, fieldsOf } from "./mirror";
import { allOf, getRow } from "./queries";
import { steady } from "./steady";
import type { Row, Store } from "./types";

/** What a list keeps of a row: as little as search and the list's line need. */
export type Project<T> = (row: Row) => T;

export interface LightList<T> {
  /** Null until read once. */
  readonly items: Signal<readonly T[] | null>;
  close(): void;
}

/** What each open list is still reading. */
const reading = new WeakMap<Store, Set<() => Promise<void>>>();

/** Resolves when every list has read all that it was told of. */
export const listsLevel = (store: Store): Promise<unknown> =>
  Promise.allSettled([...(reading.get(store) ?? [])].map((work) => work()));

/** Above this many single rows reading the whole kind is cheaper. */
const MANY = 200;

/** Opens a list of all rows of one kind and keeps it equal to the database, row by row. */
export function lightList<T>(store: Store, entity: string, project: Project<T>): LightList<T> {
  const items = signal<readonly T[] | null>(null);
  let byPk = new Map<string, T>();
  // One after the other, so that an older answer never overwrites a newer one.
  let work: Promise<void> = Promise.resolve();

  const show = () => (items.value = [...byPk.values()]);
  const readAll = async () => {
    byPk = new Map((await allOf(store, entity)).map((row) => [row.pk, project(row)]));
    show();
  };
  const readSome = async (pks: string[]) => {
    for (const pk of pks) {
      const row = await getRow(store, entity, pk);
      if (row) byPk.set(pk, project(row));
      else byPk.delete(pk);
    }
    show();
  };
  const follow = ({ rows }: StoreChange) => {
    if (rows === undefined || store.closed) return;
    const mine = rows === "all" ? rows : rows.filter(([kind]) => kind === entity || ABOUT.has(kind));
    if (mine.length === 0) return;
    // What failed is made up for by reading all.
    work = work.catch(readAll).then(async () => {
      const pks = mine === "all" || mine.length > MANY ? null : await concerned(store, entity, mine);
      await (pks === null ? readAll() : readSome(pks));
    });
  };

  const stop = onChange(store, follow);
  work = readAll();
  const own = () => work;
  const all = reading.get(store) ?? new Set();
  reading.set(store, all.add(own));
  return { items, close: () => void (stop(), all.delete(own)) };
}

/** The rows of one kind among those that changed: themselves, or by what was opened or closed about them. */
async function concerned(store: Store, entity: string, changed: readonly (readonly [entity: string, pk: string])[]): Promise<string[]> {
  const about = changed.filter(([kind]) => ABOUT.has(kind));
  const records = await steady(store, () => store.db.mirror.bulkGet(about.map(([kind, pk]): [string, string] => [kind, pk])));
  const named = records.flatMap((record) => (record === undefined ? [] : [fieldsOf(record)])).filter((fields) => fields["entity"] === entity);
  return [...new Set([...changed.filter(([kind]) => kind === entity).map(([, pk]) => pk), ...named.map((fields) => String(fields["row_pk"]))])];
}
