/** The app's own search, bundled for measuring: it runs in the slowed page over the rows that this device really holds. */
import table from "../../config/catalogs/fold.json";
import { makeFolder, type FoldTable } from "../../pwa/src/features/customers/fold";
import { contactLightOf, lightOf } from "../../pwa/src/features/customers/model";
import { found } from "../../pwa/src/features/customers/search";
import type { Row } from "../../pwa/src/store";

interface Mirrored {
  readonly entity: string;
  readonly pk: string;
  readonly body: string;
}

/** Milliseconds that each query took, and how many customers were searched. */
export async function timeSearch(database: string, queries: readonly string[]): Promise<{ customers: number; ms: number[] }> {
  const folder = makeFolder(table as FoldTable);
  const customers = (await rows(database, "customer")).map(lightOf);
  const contacts = (await rows(database, "contact")).map(contactLightOf);
  const timed = queries.map((query) => {
    const begin = performance.now();
    found(query, folder, customers, contacts);
    return performance.now() - begin;
  });
  return { customers: customers.length, ms: timed };
}

async function rows(database: string, entity: string): Promise<Row[]> {
  const db = await answer(indexedDB.open(database));
  const range = IDBKeyRange.bound([entity], [entity, []]);
  const mirrored: Mirrored[] = await answer(db.transaction("mirror").objectStore("mirror").getAll(range));
  db.close();
  return mirrored.map(({ pk, body }) => ({ entity, pk, fields: JSON.parse(body), rev: null, state: "server", pending: [], at: 0 }));
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
