/** Photos on their way into a form: made small one after the other, and taken in when ready, whatever became of the form's sheet, or of the page, meanwhile. */
import { signal } from "@preact/signals";
import { EnqueueError, type Store } from "../../store";
import { keepBlob, type BlobName } from "../../store/blobs";
import { tryFlush } from "../../store/drafts";
import { dropPicked, eachLeft, keepPicked, letGoOf, type Picked } from "../../store/picked";
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
    await picked.kept;
    await addPhoto(store, form, { id: picked.id, file, takenAt: at });
  };
  return inTurn(idOf(store, form.key), () => add().finally(() => letGoOf(store, picked)));
}

/** Takes in what a page, killed meanwhile, had not made small yet. Rejects with UnreadablePhoto when one of them cannot be opened, after all others. */
export async function addLeft(store: Store, formOf: (key: string) => PhotoForm | null): Promise<void> {
  const failed: unknown[] = [];
  await eachLeft(store, async ({ id, key, at, type, bytes }, isHopeless) => {
    const form = isHopeless ? null : formOf(key);
    const original = { id, file: new Blob([bytes], { type }), takenAt: at };
    const add = () => (form === null ? giveUp(store, id) : addPhoto(store, form, original));
    await inTurn(idOf(store, key), add).catch((error: unknown) => failed.push(error));
  });
  if (failed.length > 0) throw failed[0];
}

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
    await tryFlush(store);
  } catch (error) {
    if (error instanceof UnreadablePhoto || error instanceof EnqueueError) await dropPicked(store, id);
    throw error;
  }
  await dropPicked(store, id);
}

/** The room that is missing may be the original's. */
async function keepSmall(store: Store, id: string, bytes: Shrunk["whole"]): Promise<BlobName> {
  try {
    return await keepBlob(store, bytes, MEDIA_TYPE);
  } catch (error) {
    if (!(error instanceof EnqueueError)) throw error;
    await dropPicked(store, id);
    return keepBlob(store, bytes, MEDIA_TYPE);
  }
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
