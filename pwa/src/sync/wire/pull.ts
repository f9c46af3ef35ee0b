/** The pull request and its pages (SPEC 11). A page is parsed whole, or not at all. */
import type { Rev } from "../core/digest";
import { type Receipt, readReceipt } from "./push";
import { WireError, bool, integer, list, nullable, oneOf, pair, parseLine, shape, splitLines, text } from "./shape";

export interface PullRequest {
  readonly v: number;
  readonly device: string;
  /** Opaque; null asks from the start. */
  readonly cursor: string | null;
  /** A finished snapshot's token, to join its scope with the log (SPEC 12.2). */
  readonly join: string | null;
  readonly acked_through: number;
  readonly enqueued_through: number;
  readonly limit: number;
  /** Whose mirror this is (SPEC 8.8). */
  readonly person: string | null;
}

export interface PageHeader {
  readonly v: number;
  readonly epoch: number;
  readonly reset: boolean;
  /** Every scope granted now; null when unchanged. */
  readonly scopes: readonly string[] | null;
  readonly grants: readonly string[];
  readonly drops: readonly string[];
}

export interface Upsert {
  readonly op: "upsert";
  readonly entity: string;
  readonly pk: string;
  readonly row_rev: Rev;
  readonly scope: string;
  readonly agg: number;
  /** The exact bytes as served: what the digest is over. A view of the page's bytes. */
  readonly body: Uint8Array;
}

export interface Removal {
  readonly op: "leave" | "delete";
  readonly entity: string;
  readonly pk: string;
  readonly row_rev: Rev;
  /** Erased on a person's request: nothing of it may stay on the device (R34). */
  readonly erased?: boolean | null;
}

export interface PageEnd {
  readonly cursor: string;
  readonly seq: number;
  readonly caught_up: boolean;
  /** The token to go on joining with. */
  readonly join: string | null;
  /** The scope that is level with the cursor now. */
  readonly joined: string | null;
  readonly durable_seq: number;
  readonly server_time: number;
}

export interface Page {
  readonly header: PageHeader;
  /** In the order served. */
  readonly rows: readonly (Upsert | Removal)[];
  readonly receipts: readonly Receipt[];
  readonly end: PageEnd;
}

const readHeader = shape<PageHeader>({
  v: integer,
  epoch: integer,
  reset: bool,
  scopes: nullable(list(text)),
  grants: list(text),
  drops: list(text),
});

const readEnd = shape<PageEnd>({
  cursor: text,
  seq: integer,
  caught_up: bool,
  join: nullable(text),
  joined: nullable(text),
  durable_seq: integer,
  server_time: integer,
});

const readUpsert = shape<Omit<Upsert, "body">>({
  op: oneOf("upsert"),
  entity: text,
  pk: text,
  row_rev: pair,
  scope: text,
  agg: integer,
});

const readRemoval = shape<Removal>({
  op: oneOf("leave", "delete"), entity: text, pk: text, row_rev: pair, erased: nullable(bool),
});

/** An upsert from its line and the line of its body. */
export function readRow(line: unknown, body: Uint8Array | undefined, path: string): Upsert {
  if (!body) throw new WireError(path);
  return { ...readUpsert(line, path), body };
}

/** The op of a line, with the line's parsed value. */
export const parseOp = (line: Uint8Array, path: string): [op: string, value: unknown] =>
  parseLine((value, at) => [shape<{ op: string }>({ op: text })(value, at).op, value], line, path);

/** Throws WireError when the page is cut or holds anything unknown. */
export function parsePage(bytes: Uint8Array): Page {
  const lines = splitLines(bytes);
  const header = parseLine(readHeader, lines[0] ?? bytes, "page");
  const rows: (Upsert | Removal)[] = [];
  const receipts: Receipt[] = [];
  for (let at = 1; at < lines.length; at++) {
    const path = `page[${at}]`;
    const [op, value] = parseOp(lines[at]!, path);
    if (op === "end" && at === lines.length - 1) return { header, rows, receipts, end: readEnd(value, path) };
    if (op === "upsert") rows.push(readRow(value, lines[++at], path));
    else if (op === "receipt") receipts.push(readReceipt(value, path));
    else rows.push(readRemoval(value, path));
  }
  throw new WireError("page.end");
}
