/** A cheap "anything new?"; its ETag is what matters (SPEC 13.1). */
import { integer, parseText, shape } from "./shape";

/** The body of a 200. */
export interface HeadReply {
  readonly v: number;
  readonly epoch: number;
  /** The highest log position over the person's scopes. */
  readonly seq: number;
  /** In ms. */
  readonly server_time: number;
}

const readReply = shape<HeadReply>({ v: integer, epoch: integer, seq: integer, server_time: integer });

/** Throws WireError. */
export const parseHeadReply = (json: string): HeadReply => parseText(readReply, json, "head");
