/** Leaving a device: what switching and signing out may destroy; fetched when somebody leaves. */
import { tellOtherTabs } from "./changes";
import { flushDrafts, listDrafts, tryFlush, unwritten } from "./drafts";
import { databaseName } from "./open";
import { forgetPerson, keepPeople, leavePerson, sealPerson, UnsentError, wipeMirror, type Unsent } from "./people";
import { allKept, pickedKeys } from "./picked";
import type { Store } from "./types";
import { countActs, unsentBlobs } from "./waiting";

export async function unsentWork(store: Store): Promise<Unsent> {
  const { db } = store;
  // First: a picture that is small by now is in its draft.
  const picked = await pickedKeys(store);
  const [waiting, blobs, drafts] = await Promise.all([db.outbox.where("acked").equals(0).toArray(), unsentBlobs(db), listDrafts(store)]);
  return { acts: countActs(waiting, blobs), drafts: new Set([...picked, ...drafts.map(({ key }) => key)]).size, oldestAt: waiting[0]?.at ?? blobs[0]?.at ?? null };
}

/** Another person may take over at any time. Throws EnqueueError `device_full` where what is half typed, or a photo, would be lost. */
export async function switchPerson(store: Store): Promise<void> {
  await allKept(store);
  await keepDrafts(store);
  await sealPerson(store);
  tellOtherTabs(store, { gone: true });
  store.close();
}

/** Where there is no room for what only this page's memory holds, the mirror makes some: it goes anyway. */
async function keepDrafts(store: Store): Promise<void> {
  await tryFlush(store);
  if (unwritten(store).length === 0) return;
  await wipeMirror(store);
  await flushDrafts(store);
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
