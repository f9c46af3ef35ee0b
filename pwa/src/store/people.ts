/** Who uses this device: one sealed database per person, and what switching and signing out may destroy. */
import { tellOtherTabs } from "./changes";
import { databaseName } from "./open";
import { PULL_KEYS } from "./meta";
import { keepRemembered, readRemembered } from "./remembered";
import { countActs, unsentBlobs } from "./waiting";
import type { Person, Store } from "./types";

const CURRENT = "baifang-person";
const KNOWN = "baifang-people";
const COUNT = "baifang-people-changes";

/** Everyone whose database is on this device, the last to sign in first. */
export function knownPeople(): Person[] {
  return JSON.parse(localStorage.getItem(KNOWN) ?? "[]") as Person[];
}

/** Who was signed in last and did not sign out; null shows the sign-in. Works offline. */
export function currentPerson(): Person | null {
  const id = localStorage.getItem(CURRENT);
  return knownPeople().find((person) => person.id === id) ?? null;
}

/** Every tab reads this copy at once; `keepPeople` makes it outlive a kill. */
function write(known: readonly Person[], current: string | null, n = changes() + 1): void {
  localStorage.setItem(COUNT, String(n));
  localStorage.setItem(KNOWN, JSON.stringify(known));
  if (current === null) localStorage.removeItem(CURRENT);
  else localStorage.setItem(CURRENT, current);
}

const changes = (): number => Number(localStorage.getItem(COUNT) ?? 0);

export function rememberPerson(person: Person): void {
  write([person, ...knownPeople().filter(({ id }) => id !== person.id)], person.id);
}

/** From here on nothing of this person may be sent or shown; other tabs ask before each request. */
export const leavePerson = (): void => write(knownPeople(), null);

function forgetPerson(id: string): void {
  const current = currentPerson()?.id ?? null;
  write(knownPeople().filter((person) => person.id !== id), current === id ? null : current);
}

/** Resolves when a kill of the browser can no longer undo who signed in, left or was forgotten. */
export const keepPeople = (): Promise<void> => keepRemembered({ n: changes(), known: knownPeople(), current: localStorage.getItem(CURRENT) });

/** Called once, before anybody is asked for: brings back what the browser had not yet written when it was killed. */
export async function recallPeople(): Promise<void> {
  const kept = await readRemembered();
  if (kept !== undefined && kept.n > changes()) write(kept.known, kept.current, kept.n);
}

export interface Unsent {
  /** As a person counts what they did; 0 only when the server has everything. */
  readonly acts: number;
  readonly drafts: number;
  /** When the oldest waiting mutation was written, ms. */
  readonly oldestAt: number | null;
}

export async function unsentWork({ db }: Store): Promise<Unsent> {
  const [waiting, blobs, drafts] = await Promise.all([db.outbox.where("acked").equals(0).toArray(), unsentBlobs(db), db.drafts.count()]);
  return { acts: countActs(waiting, blobs), drafts, oldestAt: waiting[0]?.at ?? blobs[0]?.at ?? null };
}

/** Sign-out would destroy what exists nowhere else; the numbers are for the message. */
export class UnsentError extends Error {
  constructor(readonly unsent: Unsent) {
    super(`${unsent.acts} unsent, ${unsent.drafts} drafts`);
    this.name = "UnsentError";
  }
}

/** Forgets all that was downloaded. Outbox, drafts and numbering stay: wipes never destroy what exists nowhere else (R3). */
export async function wipeMirror({ db }: Store): Promise<void> {
  await db.transaction("rw", [db.mirror, db.markers, db.meta, db.blobs, db.bytes], async () => {
    const downloaded = await db.blobs.where("state").anyOf("cached", "wanted").primaryKeys();
    await Promise.all([db.blobs.bulkDelete(downloaded), db.bytes.bulkDelete(downloaded), db.mirror.clear(), db.markers.clear(), db.meta.bulkDelete([...PULL_KEYS])]);
  });
}

/** The mirror goes, the outbox and drafts stay sealed until this person returns or what they hold was delivered. */
export async function sealPerson(store: Store): Promise<void> {
  await wipeMirror(store);
  if (currentPerson()?.id === store.person) leavePerson();
  await keepPeople();
}

/** Another person may take over at any time. */
export async function switchPerson(store: Store): Promise<void> {
  await sealPerson(store);
  tellOtherTabs(store, { gone: true });
  store.close();
}

/**
 * Wipes everything of this person from the device, also offline. Throws UnsentError while anything is unsent, and
 * for drafts too unless the person gave them up.
 */
export async function signOutHere(store: Store, options: { discardDrafts?: boolean } = {}): Promise<void> {
  const unsent = await unsentWork(store);
  if (unsent.acts > 0 || (unsent.drafts > 0 && !options.discardDrafts)) throw new UnsentError(unsent);
  // Other tabs start anew when they hear of it: by then nobody may be signed in, or they would open the database again.
  leavePerson();
  await keepPeople();
  tellOtherTabs(store, { gone: true });
  await destroyHere(store);
  await dropCaches();
  if (await isKept(store.person)) throw new Error("the browser kept the database of the person who signed out");
}

/** Removes a person's database and name from this device, whatever is in it. */
export async function destroyHere(store: Store): Promise<void> {
  store.close();
  await store.db.delete({ disableAutoOpen: true });
  forgetPerson(store.person);
  await keepPeople();
}

/** The shell stays, so that the sign-in opens offline; nothing else may be in Cache Storage. */
async function dropCaches(): Promise<void> {
  if (typeof caches === "undefined") return;
  const names = (await caches.keys()).filter((name) => !name.includes("precache"));
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function isKept(person: string): Promise<boolean> {
  // Old browsers cannot list their databases; there the deletion's own success has to do.
  const found = (await indexedDB.databases?.()) ?? [];
  return found.some(({ name }) => name === databaseName(person));
}
