/** The least that a download into this browser can cost: the rows that the app holds, put once more by bare Dexie. */
import Dexie from "../../pwa/node_modules/dexie";

const BATCH = 2_000;
const COPY = "bench-bare";

/** Milliseconds of putting all rows of the app's mirror into a table with these indexes, and how many they were. */
export async function timeBare(name: string, schema: string): Promise<{ rows: number; ms: number }> {
  const app = await new Dexie(name).open();
  const rows: object[] = await app.table("mirror").toArray();
  app.close();
  const copy = new Dexie(COPY, { chromeTransactionDurability: "strict", cache: "disabled" });
  copy.version(1).stores({ mirror: schema });
  await copy.open();
  const begin = performance.now();
  for (let from = 0; from < rows.length; from += BATCH) await copy.table("mirror").bulkPut(rows.slice(from, from + BATCH));
  const ms = performance.now() - begin;
  await copy.delete();
  return { rows: rows.length, ms };
}
