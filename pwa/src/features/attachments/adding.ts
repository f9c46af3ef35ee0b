/** Photos on their way into a form: made small one after the other, and taken in when ready, whatever became of the form's sheet, or of the page, meanwhile. */
import { signal } from "@preact/signals";
import { EnqueueError, type Store } from "../../store";
import { keepBlob, type BlobName } from "../../store/blobs";
import { flushDrafts, tryFlush } from "../../store/drafts";
import { dropPicked, keepPicked, letGoOf, listPicked, resumePicked, type Picked } from "../../store/picked";
import { setFull } from "../../store/storage";
import type { AddedPhoto } from "./model";
import { MEDIA_TYPE, shrink, UnreadablePhoto, type Shrunk } from "./shrink";

/** A form that takes photos, for as long as it or its draft exists. */
export interface PhotoForm {
  /** The key of its draft. */
  readonly key: string;
  /** Takes one in: on the screen, or in the draft that a closed sheet left behind. */
  readonly take: (photo: AddedPhoto) => Promise<void>;
}

/** A picture as it was chosen. */
interface Original {
  /** Under which it is kept. */
  readonly id: string;
  readonly file: Blob;
  readonly takenAt: number;
}

/** Whether each was taken in, by the form that they go to. */
type UnderWay = ReadonlyMap<string, readonly Promise<boolean>[]>;

const underWay = signal<UnderWay>(new Map());

/** Several large pictures at once would be too much for a phone's memory. */
let turn: Promise<unknown> = Promise.resolve();

const idOf = ({ person }: Store, key: string): string => `${person} ${key}`;
const photosOf = (all: UnderWay, id: string): readonly Promise<boolean>[] => all.get(id) ?? [];

function change(id: string, next: (photos: readonly Promise<boolean>[]) => readonly Promise<boolean>[]): void {
  underWay.value = new Map(underWay.value).set(id, next(photosOf(underWay.value, id)));
}

/** Resolves when all are in the form. Rejects at the first that is not, the others going on: UnreadablePhoto, EnqueueError `device_full`. */
export const addPhotos = async (store: Store, form: PhotoForm, files: readonly File[]): Promise<void> =>
  void (await Promise.all(files.map((file) => addChosen(store, form, file))));

function addChosen(store: Store, form: PhotoForm, file: File): Promise<void> {
  const at = takenAt(file);
  const picked: Picked = keepPicked(store, form.key, file, at);
  const add = async (): Promise<void> => {
    // What could not be kept is made small all the same.
    await picked.kept.catch(() => false);
    await addPhoto(store, form, { id: picked.id, file, takenAt: at });
  };
  return inTurn(idOf(store, form.key), () => add().finally(() => letGoOf(store, picked)));
}

/**
 * Takes in what a page, killed meanwhile, had not made small yet; all are on their way to their forms at once, so that what ends one waits for its
 * own. Resolves with why some are not taken in, each reason once; UnreadablePhoto: one cannot be opened.
 */
export async function addLeft(store: Store, formOf: (key: string) => PhotoForm | null): Promise<unknown[]> {
  const reasons = new Map<string, unknown>();
  const left = (await listPicked(store)).map(({ id, key }) => inTurn(idOf(store, key), () => resume(store, id, formOf)));
  for (const each of await Promise.allSettled(left)) if (each.status === "rejected") reasons.set(String(each.reason), each.reason);
  return [...reasons.values()];
}

const resume = (store: Store, id: string, formOf: (key: string) => PhotoForm | null): Promise<void> =>
  resumePicked(store, id, ({ key, at, type, bytes }, isHopeless) => {
    const form = isHopeless ? null : formOf(key);
    return form === null ? giveUp(store, id) : addPhoto(store, form, { id, file: new Blob([bytes], { type }), takenAt: at });
  });

async function giveUp(store: Store, id: string): Promise<never> {
  await dropPicked(store, id);
  throw new UnreadablePhoto("hopeless");
}

function inTurn(id: string, work: () => Promise<void>): Promise<void> {
  const done = turn.then(work);
  const isTaken = done.then(() => true, () => false).finally(() => change(id, (all) => all.filter((one) => one !== isTaken)));
  turn = isTaken;
  change(id, (all) => [...all, isTaken]);
  return done;
}

/** What is chosen goes once its small one is in a draft on the disk, or the person is told that there is none; whatever else happens, the next start goes on. */
async function addPhoto(store: Store, { take }: PhotoForm, { id, file, takenAt }: Original): Promise<void> {
  try {
    const { whole, thumb, width, height } = await shrink(file);
    const small = await keepSmall(store, id, thumb);
    const { sha256, size } = await keepSmall(store, id, whole);
    await take({ sha256, thumbSha256: small.sha256, mediaType: MEDIA_TYPE, size, width, height, takenAt });
    await writeDown(store, id);
  } catch (error) {
    if (error instanceof UnreadablePhoto || error instanceof EnqueueError) await dropPicked(store, id);
    throw error;
  }
  await dropPicked(store, id);
}

/** The draft is on the disk; where there is no room even without the original, it is in memory, and that is said. */
async function writeDown(store: Store, id: string): Promise<void> {
  try {
    await inItsRoom(store, id, () => flushDrafts(store));
  } catch (error) {
    if (!(error instanceof EnqueueError)) throw error;
    await tryFlush(store);
  }
}

const keepSmall = (store: Store, id: string, bytes: Shrunk["whole"]): Promise<BlobName> => inItsRoom(store, id, () => keepBlob(store, bytes, MEDIA_TYPE));

/** The room that is missing may be the original's: tried once more without it. */
async function inItsRoom<T>(store: Store, id: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof EnqueueError)) throw error;
    await dropPicked(store, id);
  }
  const written = await write();
  setFull(false);
  return written;
}

/** A camera's file is as old as its picture; a clock that ran ahead must not date it after today. */
const takenAt = ({ lastModified }: File): number => Math.max(0, Math.min(lastModified, Date.now()));

/** How many are on their way into a form; a component that asks is drawn again when that changes. */
export const countAdding = (store: Store, key: string): number => photosOf(underWay.value, idOf(store, key)).length;

/** Resolves when none is on its way any more, with whether all that were have been taken in. */
export async function allAdded(store: Store, key: string): Promise<boolean> {
  const waiting = photosOf(underWay.peek(), idOf(store, key));
  if (waiting.length === 0) return true;
  const taken = await Promise.all(waiting);
  return (await allAdded(store, key)) && taken.every(Boolean);
}
