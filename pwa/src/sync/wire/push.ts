/** Push: mutations go up, receipts come down (SPEC 8). The envelope is frozen for all time. */
import { type Reader, bool, dict, integer, joinLines, jsonLine, list, nullable, pair, parseText, shape, text } from "./shape";

export { VERSION } from "./version";

export const MAX_PUSH_MUTATIONS = 500;
/** Inflated. */
export const MAX_PUSH_BYTES = 1024 * 1024;

export interface Parent {
  readonly device: string;
  readonly seq: number;
}

export interface PushHeader {
  readonly v: number;
  readonly device: string;
  /** The wall clock in ms when the request was made. */
  readonly now: number;
  readonly acked_through: number;
  /** The device that this one forked from, until the server knows it (SPEC 8.6). */
  readonly parent: Parent | null;
  /** Sequence numbers, both ends included, that will never be sent (SPEC 8.5). */
  readonly void: readonly [from: number, to: number] | null;
  readonly store_raw: boolean;
  /** Whose outbox this is: a session of anybody else is refused (SPEC 8.8). */
  readonly person: string | null;
  /** Of the mirror that all of it was written over: by it a restored server notices that it is one (SPEC 8.8). */
  readonly cursor: string | null;
}

export interface EnvelopeLine {
  readonly seq: number;
  readonly txn: string;
  readonly id: string;
  readonly sha: string;
  readonly prev: string | null;
  readonly skew: number | null;
}

/** An envelope line with the mutation's exact bytes. */
export interface PushItem {
  readonly envelope: EnvelopeLine;
  readonly line: Uint8Array;
}

/** All there are for all time; what may grow is the codes (SPEC 16.1). */
export type Status = "applied" | "merged" | "duplicate" | "parked";

export interface Receipt {
  readonly seq: number;
  readonly id: string;
  readonly status: Status;
  readonly log_seq: number | null;
  /** Pks of the conflicts that it opened or joined. */
  readonly conflicts: readonly string[];
  readonly code: string | null;
  readonly fields: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Fork {
  readonly seq: number;
  readonly last_equal_seq: number | null;
}

export interface PushReply {
  readonly v: number;
  readonly epoch: number;
  readonly receipts: readonly Receipt[];
  readonly expected_seq: number | null;
  readonly fork: Fork | null;
  readonly server_time: number;
  readonly durable_seq: number;
}

const anything: Reader<unknown> = (value) => value;

/** A word from the future still acknowledges: it must not make the rest of a page unreadable. */
const readStatus: Reader<Status> = (value, path) => text(value, path) as Status;

export const readReceipt = shape<Receipt>({
  seq: integer,
  id: text,
  status: readStatus,
  log_seq: nullable(integer),
  conflicts: (value, path) => nullable(list(text))(value, path) ?? [],
  code: nullable(text),
  fields: (value, path) => nullable(list(text))(value, path) ?? [],
  params: (value, path) => nullable(dict(anything))(value, path) ?? {},
});

export const readHeader = shape<PushHeader>({
  v: integer,
  device: text,
  now: integer,
  acked_through: integer,
  parent: nullable(shape<Parent>({ device: text, seq: integer })),
  void: nullable(pair),
  store_raw: bool,
  person: nullable(text),
  cursor: nullable(text),
});

export const readEnvelope = shape<EnvelopeLine>({
  seq: integer,
  txn: text,
  id: text,
  sha: text,
  prev: nullable(text),
  skew: nullable(integer),
});

const readReply = shape<PushReply>({
  v: integer,
  epoch: integer,
  receipts: list(readReceipt),
  expected_seq: nullable(integer),
  fork: nullable(shape<Fork>({ seq: integer, last_equal_seq: nullable(integer) })),
  server_time: integer,
  durable_seq: integer,
});

/** The request's NDJSON bytes. */
export const encodePush = (header: PushHeader, items: readonly PushItem[]): Uint8Array =>
  joinLines([jsonLine(header), ...items.flatMap(({ envelope, line }) => [jsonLine(envelope), line])]);

/** Throws WireError on anything that is not a push's answer. */
export const parsePushReply = (json: string): PushReply => parseText(readReply, json, "push");
