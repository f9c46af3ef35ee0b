/** Push: mutations go up, receipts come down (SPEC 8). The envelope is frozen for all time. */
import { type Reader, bool, dict, integer, joinLines, jsonLine, list, nullable, oneOf, pair, parseText, shape, text } from "./shape";

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

export const STATUSES = ["applied", "merged", "duplicate", "parked"] as const;

export interface Receipt {
  readonly seq: number;
  readonly id: string;
  readonly status: (typeof STATUSES)[number];
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

export const readReceipt = shape<Receipt>({
  seq: integer,
  id: text,
  status: oneOf(...STATUSES),
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
