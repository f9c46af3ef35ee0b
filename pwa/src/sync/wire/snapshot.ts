/** One chunk of a scope's snapshot (SPEC 12). */
import { type Upsert, parseOp, readRow } from "./pull";
import { WireError, bool, integer, parseLine, shape, splitLines, text } from "./shape";

export interface ChunkHeader {
  readonly v: number;
  readonly epoch: number;
  readonly scope: string;
  /** The log position at which this chunk was read. */
  readonly seq: number;
}

export interface ChunkEnd {
  /** Asks for the next chunk, or when done joins the scope to the log. */
  readonly token: string;
  readonly done: boolean;
  readonly seq: number;
}

export interface Chunk {
  readonly header: ChunkHeader;
  readonly rows: readonly Upsert[];
  readonly end: ChunkEnd;
}

const readHeader = shape<ChunkHeader>({ v: integer, epoch: integer, scope: text, seq: integer });
const readEnd = shape<ChunkEnd>({ token: text, done: bool, seq: integer });

/** Throws WireError when the chunk is cut or holds anything but upserts. */
export function parseChunk(bytes: Uint8Array): Chunk {
  const lines = splitLines(bytes);
  const header = parseLine(readHeader, lines[0] ?? bytes, "chunk");
  const rows: Upsert[] = [];
  for (let at = 1; at < lines.length; at++) {
    const path = `chunk[${at}]`;
    const [op, value] = parseOp(lines[at]!, path);
    if (op === "end" && at === lines.length - 1) return { header, rows, end: readEnd(value, path) };
    rows.push(readRow(value, lines[++at], path));
  }
  throw new WireError("chunk.end");
}
