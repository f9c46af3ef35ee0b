/** Adding photos to what is being written, and striking one out. What is taken out of a form again goes with the next tidying: another draft may need it. */
import { enqueue, newId, type Change, type Store } from "../../store";
import { blobOf, keepBlob, keepForUndo, releaseBlob } from "../../store/blobs";
import { fieldsOfFile, type AddedFile, type FileItem } from "./file";
import type { Signed } from "./ink";
import { fieldsOfPhoto, type AddedPhoto, type Photo } from "./model";

export { addLeft, addPhotos, allAdded, countAdding, type PhotoForm } from "./adding";
export { isWritten, pictureOf, type Stroke } from "./ink";
export { endRecording, type Take, type VoiceForm } from "./recorder";
export { UnreadablePhoto } from "./shrink";
export type { AddedFile, AddedPhoto };

/** Before a draft goes that may be taken back: its photos and files, however old, stay as long as that is offered. */
export const keepAdded = (store: Store, photos: readonly AddedPhoto[], files: readonly AddedFile[]): Promise<unknown> =>
  keepForUndo(store, [...photos.flatMap(({ sha256, thumbSha256 }) => [sha256, thumbSha256]), ...files.map(({ sha256 }) => sha256)]);

/** Those whose files are on this device; the browser may have taken them away under the open form, and then nobody could ever send them. */
export async function filesHere<T extends { readonly sha256: string }>(store: Store, files: readonly T[]): Promise<readonly T[]> {
  const records = await Promise.all(files.map(({ sha256 }) => blobOf(store, sha256)));
  return files.filter((_, i) => records[i] !== undefined);
}

export const attached = (customerId: string, interactionId: string, photo: AddedPhoto): Change => ({
  entity: "attachment", pk: newId(), op: "create", fields: fieldsOfPhoto(photo, customerId, interactionId),
});

/** Keeps a signature under the name of who signed; `signedHash` says what. Throws EnqueueError `device_full`. */
export async function keepSignature(store: Store, { bytes, mediaType }: Signed, name: string, signedHash: string): Promise<AddedFile> {
  const { sha256, size } = await keepBlob(store, bytes, mediaType);
  return { kind: "signature", sha256, mediaType, size, takenAt: Date.now(), name, durationMs: 0, signedHash };
}

export const attachedFile = (customerId: string, interactionId: string, file: AddedFile): Change => ({
  entity: "attachment", pk: newId(), op: "create", fields: fieldsOfFile(file, customerId, interactionId),
});

/** Its author strikes it out; the history keeps it. Resolves with the way back: the same photo, added anew. */
export const strikeOut = (store: Store, photo: Photo): Promise<() => Promise<void>> =>
  strike(store, photo.pk, [photo.sha256, photo.thumbSha256], attached(photo.customerId, photo.interactionId, photo));

/** The same for a file that is no photo. */
export const strikeOutFile = (store: Store, file: FileItem): Promise<() => Promise<void>> =>
  strike(store, file.pk, [file.sha256], attachedFile(file.customerId, file.interactionId, file));

async function strike(store: Store, pk: string, names: readonly string[], anew: Change): Promise<() => Promise<void>> {
  await enqueue(store, [{ entity: "attachment", pk, op: "void" }]);
  await Promise.all(names.map((sha256) => releaseBlob(store, sha256)));
  return async () => void (await enqueue(store, [anew]));
}
