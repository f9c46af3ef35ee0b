/** What a photo beside a contact looks like to the screens, and as a row. */
import type { Fields, Row } from "../../store";
import type { BlobName } from "../../store/blobs";
import { integer, text } from "../../ui/values";

/** A photo that was added to a form; it is also part of the form's draft. Sizes in pixels and bytes. */
export interface AddedPhoto {
  readonly sha256: string;
  readonly thumbSha256: string;
  readonly mediaType: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly takenAt: number;
}

/** What every row has that lies beside a contact. */
export interface Attached {
  readonly pk: string;
  readonly customerId: string;
  readonly interactionId: string;
  readonly sha256: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly takenAt: number;
  readonly personId: string;
  readonly isVoided: boolean;
  readonly state: Row["state"];
}

export const attachedOf = ({ pk, fields, state }: Row): Attached => ({
  pk,
  customerId: text(fields, "customer_id"),
  interactionId: text(fields, "interaction_id"),
  sha256: text(fields, "sha256"),
  mediaType: text(fields, "media_type"),
  size: integer(fields, "size") ?? 0,
  takenAt: integer(fields, "taken_at") ?? 0,
  personId: text(fields, "person_id"),
  isVoided: fields["voided"] === true,
  state,
});

export interface Photo extends AddedPhoto, Attached {}

export const photoOf = (row: Row): Photo => ({
  ...attachedOf(row),
  thumbSha256: text(row.fields, "thumb_sha256"),
  width: integer(row.fields, "width") ?? 0,
  height: integer(row.fields, "height") ?? 0,
});

export const fieldsOfPhoto = (photo: AddedPhoto, customerId: string, interactionId: string): Fields => ({
  customer_id: customerId,
  interaction_id: interactionId,
  kind: "photo",
  sha256: photo.sha256,
  thumb_sha256: photo.thumbSha256,
  media_type: photo.mediaType,
  size: photo.size,
  width: photo.width,
  height: photo.height,
  taken_at: photo.takenAt,
});

/** The photo itself, and the small picture of it, whose size nobody wrote down; who writes none shows the photo. */
export const wholeOf = ({ sha256, mediaType, size }: AddedPhoto): BlobName => ({ sha256, media_type: mediaType, size });
export const thumbOf = (photo: AddedPhoto): BlobName =>
  photo.thumbSha256 === "" ? wholeOf(photo) : { sha256: photo.thumbSha256, media_type: photo.mediaType, size: 0 };

/** Rows of voided photos and of files that are none stay out of sight. */
export function byInteraction(rows: readonly Row[]): ReadonlyMap<string, readonly Photo[]> {
  const found = new Map<string, Photo[]>();
  for (const photo of rows.filter(({ fields }) => fields["kind"] === "photo").map(photoOf)) {
    if (!photo.isVoided) found.set(photo.interactionId, [...(found.get(photo.interactionId) ?? []), photo]);
  }
  for (const photos of found.values()) photos.sort((a, b) => a.takenAt - b.takenAt);
  return found;
}

/** Where a picture of `width` by `height` fits whole into a square, never enlarged. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
