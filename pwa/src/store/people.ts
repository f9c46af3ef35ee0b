/** Who uses this device: one sealed database per person. What signing out may destroy is leaving.ts. */
import { PULL_KEYS } from "./meta";
import { keepRemembered, readRemembered } from "./remembered";
import { unlessFull } from "./storage";
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

/** From here on this device does not know the person. */
export function forgetPerson(id: string): void {
  const current = currentPerson()?.id ?? null;
  write(knownPeople().filter((person) => person.id !== id), current === id ? null : current);
}

/** Resolves when a kill of the browser can no longer undo who signed in, left or was forgotten; on a full device the browser's own copy has to do. */
export const keepPeople = (): Promise<void> =>
  unlessFull(() => keepRemembered({ n: changes(), known: knownPeople(), current: localStorage.getItem(CURRENT) }));

/** Called once, before anybody is asked for: brings back what the browser had not yet written when it was killed. */
export const recallPeople = (): Promise<void> =>
  // Looking for the copy makes its database, where there is none yet.
  unlessFull(async () => {
    const kept = await readRemembered();
    if (kept !== undefined && kept.n > changes()) write(kept.known, kept.current, kept.n);
  });

export interface Unsent {
  /** As a person counts what they did; 0 only when the server has everything. */
  readonly acts: number;
  readonly drafts: number;
  /** When the oldest waiting mutation was written, ms. */
  readonly oldestAt: number | null;
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
