/** Photos on their way into a form: made small one after the other, and taken in when ready, whatever became of the form's sheet meanwhile. */
import { signal } from "@preact/signals";
import type { Store } from "../../store";
import { keepBlob } from "../../store/blobs";
import type { AddedPhoto } from "./model";
import { MEDIA_TYPE, shrink } from "./shrink";

/** A form that takes photos, for as long as it or its draft exists. */
export interface PhotoForm {
  /** The key of its draft. */
  readonly key: string;
  /** Takes one in: on the screen, or in the draft that a closed sheet left behind. */
  readonly take: (photo: AddedPhoto) => Promise<void>;
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
  void (await Promise.all(files.map((file) => inTurn(idOf(store, form.key), () => addPhoto(store, form, file)))));

function inTurn(id: string, work: () => Promise<void>): Promise<void> {
  const done = turn.then(work);
  const isTaken = done.then(() => true, () => false).finally(() => change(id, (all) => all.filter((one) => one !== isTaken)));
  turn = isTaken;
  change(id, (all) => [...all, isTaken]);
  return done;
}

async function addPhoto(store: Store, { take }: PhotoForm, file: File): Promise<void> {
  const { whole, thumb, width, height } = await shrink(file);
  const small = await keepBlob(store, thumb, MEDIA_TYPE);
  const { sha256, size } = await keepBlob(store, whole, MEDIA_TYPE);
  await take({ sha256, thumbSha256: small.sha256, mediaType: MEDIA_TYPE, size, width, height, takenAt: takenAt(file) });
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
