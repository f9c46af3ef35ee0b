/** Adding photos to what is being written, and striking one out. What is taken out of a form again goes with the next tidying: another draft may need it. */
import { enqueue, newId, type Change, type Store } from "../../store";
import { blobOf, keepForUndo, releaseBlob } from "../../store/blobs";
import { fieldsOfPhoto, type AddedPhoto, type Photo } from "./model";

export { addLeft, addPhotos, allAdded, countAdding, type PhotoForm } from "./adding";
export { UnreadablePhoto } from "./shrink";
export type { AddedPhoto };

/** Before a draft goes that may be taken back: its photos, however old, stay as long as that is offered. */
export const keepPhotos = (store: Store, photos: readonly AddedPhoto[]): Promise<unknown> =>
  keepForUndo(store, photos.flatMap(({ sha256, thumbSha256 }) => [sha256, thumbSha256]));

/** Those whose files are on this device; the browser may have taken them away under the open form, and then nobody could ever send them. */
export async function photosHere(store: Store, photos: readonly AddedPhoto[]): Promise<readonly AddedPhoto[]> {
  const records = await Promise.all(photos.map(({ sha256 }) => blobOf(store, sha256)));
  return photos.filter((_, i) => records[i] !== undefined);
}

export const attached = (customerId: string, interactionId: string, photo: AddedPhoto): Change => ({
  entity: "attachment", pk: newId(), op: "create", fields: fieldsOfPhoto(photo, customerId, interactionId),
});

/** Its author strikes it out; the history keeps it. Resolves with the way back: the same photo, added anew. */
export async function strikeOut(store: Store, photo: Photo): Promise<() => Promise<void>> {
  await enqueue(store, [{ entity: "attachment", pk: photo.pk, op: "void" }]);
  await Promise.all([photo.sha256, photo.thumbSha256].map((sha256) => releaseBlob(store, sha256)));
  return async () => void (await enqueue(store, [attached(photo.customerId, photo.interactionId, photo)]));
}
