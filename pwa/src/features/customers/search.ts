/** Finds customers among thousands in memory: by name in any script, phone digits, pinyin initials, or a person's name. */
import { signal } from "@preact/signals";
import type { Fields } from "../../store";
import type { FoldTable, Folder } from "./fold";
import type { ContactLight, CustomerLight } from "./model";

/** Folding and its table arrive with the first search box, not with the first screen. */
export const folder = signal<Folder | null>(null);

export async function loadFolder(): Promise<void> {
  if (folder.value !== null) return;
  const [{ makeFolder }, table] = await Promise.all([import("./fold"), import("../../../../config/catalogs/fold.json")]);
  folder.value = makeFolder(table.default as FoldTable);
}

/** Ids of the customers found; null when the query is empty and everything matches. */
export function found(query: string, known: Folder, customers: readonly CustomerLight[], contacts: readonly ContactLight[]): Set<string> | null {
  const parts = known.query(query);
  if (parts.length === 0) return null;
  const ids = rowsWith(parts, known, indexOf(customers, known.customerKey)).map((row) => customers[row]!.pk);
  const ofPeople = rowsWith(parts, known, indexOf(contacts, known.contactKey)).map((row) => contacts[row]!.customerId);
  return new Set([...ids, ...ofPeople]);
}

/** Makes the first keystroke as quick as the others. */
export function prepareIndexes(known: Folder, customers: readonly CustomerLight[], contacts: readonly ContactLight[]): void {
  indexOf(customers, known.customerKey);
  indexOf(contacts, known.contactKey);
}

interface Keyed {
  readonly fold: string;
  readonly unfolded: Fields | null;
}

/** All keys of a list as one text: one search through it by the browser is far quicker than one through each of thousands. */
interface Index {
  readonly text: string;
  /** Where the key after each one begins. */
  readonly nexts: readonly number[];
}

/** Stands in no key and in no query. */
const BETWEEN = "\n";

const indexes = new WeakMap<readonly Keyed[], Index>();

function indexOf(rows: readonly Keyed[], fold: (fields: Fields) => string): Index {
  const kept = indexes.get(rows);
  if (kept !== undefined) return kept;
  const keys = rows.map(({ fold: own, unfolded }) => (unfolded === null ? own : `${own}|${fold(unfolded)}`) + BETWEEN);
  let end = 0;
  const made = { text: keys.join(""), nexts: keys.map((key) => (end += key.length)) };
  indexes.set(rows, made);
  return made;
}

/** Places in the list of all rows whose key holds every part. */
function rowsWith(parts: readonly string[], known: Folder, { text, nexts }: Index): number[] {
  const [part = ""] = [...parts].sort((a, b) => b.length - a.length);
  const rows: number[] = [];
  let row = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, nexts[row])) {
    while (nexts[row]! <= at) row += 1;
    if (parts.length === 1 || known.matches(parts, text.slice(nexts[row - 1] ?? 0, nexts[row]))) rows.push(row);
  }
  return rows;
}
