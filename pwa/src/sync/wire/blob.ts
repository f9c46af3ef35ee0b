/** The messages around a blob's bytes: what a device wants to send, and how far it is (SPEC 18). */
import { integer, nullable, oneOf, parseText, shape, text } from "./shape";

export interface BlobRequest {
  readonly v: number;
  readonly sha256: string;
  readonly size: number;
  readonly media_type: string;
  readonly person: string | null;
}

/** `upload` and `offset` say where to go on; a complete one carries the log's head at that moment. */
export interface BlobReply {
  readonly v: number;
  readonly state: "uploading" | "complete";
  readonly offset: number;
  readonly max_chunk: number;
  readonly upload: string | null;
  readonly log_seq: number | null;
}

const readReply = shape<BlobReply>({
  v: integer, state: oneOf("uploading", "complete"), offset: integer, max_chunk: integer, upload: nullable(text), log_seq: nullable(integer),
});

/** Throws WireError. */
export const parseBlobReply = (json: string): BlobReply => parseText(readReply, json, "blob");
