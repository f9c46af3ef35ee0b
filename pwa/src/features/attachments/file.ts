/** What lies beside a contact and is no photo: a voice memo, a signature, a document; as the screens and the rows have it. */
import type { Fields, Row } from "../../store";
import type { BlobName } from "../../store/blobs";
import { integer, text } from "../../ui/values";
import { attachedOf, type Attached } from "./model";

export type FileKind = "voice" | "signature" | "document";
const kinds: readonly string[] = ["voice", "signature", "document"] satisfies FileKind[];

/** A file that was added to a form; it is also part of the form's draft. */
export interface AddedFile {
  readonly kind: FileKind;
  readonly sha256: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly takenAt: number;
  /** A document's own, or that of who signed. */
  readonly name: string;
  /** Of a voice memo, else 0. */
  readonly durationMs: number;
  /** Of what was signed, else "". */
  readonly signedHash: string;
}

export interface FileItem extends AddedFile, Attached {}

/** Null for a photo, and for kinds of a later version. */
export function fileOf(row: Row): FileItem | null {
  const { fields } = row;
  const kind = text(fields, "kind");
  if (!kinds.includes(kind)) return null;
  return {
    ...attachedOf(row),
    kind: kind as FileKind,
    name: text(fields, "name"),
    durationMs: integer(fields, "duration_ms") ?? 0,
    signedHash: text(fields, "signed_hash"),
  };
}

export const fieldsOfFile = (file: AddedFile, customerId: string, interactionId: string): Fields => ({
  customer_id: customerId,
  interaction_id: interactionId,
  kind: file.kind,
  sha256: file.sha256,
  thumb_sha256: null,
  media_type: file.mediaType,
  size: file.size,
  width: null,
  height: null,
  name: file.name === "" ? null : file.name,
  duration_ms: file.kind === "voice" ? file.durationMs : null,
  signed_hash: file.signedHash === "" ? null : file.signedHash,
  taken_at: file.takenAt,
});

export const bytesName = ({ sha256, mediaType, size }: AddedFile): BlobName => ({ sha256, media_type: mediaType, size });

/** Those that are not struck out, by the contact that they belong to, the oldest first. */
export function filesByInteraction(rows: readonly Row[]): ReadonlyMap<string, readonly FileItem[]> {
  const found = new Map<string, FileItem[]>();
  for (const file of rows.map(fileOf)) {
    if (file !== null && !file.isVoided) found.set(file.interactionId, [...(found.get(file.interactionId) ?? []), file]);
  }
  for (const files of found.values()) files.sort((a, b) => a.takenAt - b.takenAt);
  return found;
}

/** 0:42 */
export function lengthWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
