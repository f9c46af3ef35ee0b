/** Reads a line such as 「下週三 10點 拜訪王經理」: what of it says when and how, and what remains. */
import { CHANNELS } from "./channels";
import { DATES } from "./dates";
import type { Context, Rule } from "./rules";
import { TIMES } from "./times";

export type Kind = "date" | "time" | "channel";

/** Some words of the line, from one place up to another, that stand for something. */
export interface Piece {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  readonly words: string;
  /** `YYYY-MM-DD`, `HH:MM` or a channel; null where there is no such day or hour. */
  readonly value: string | null;
}

export interface Parsed {
  /** At most one of each kind, in the line's order. */
  readonly pieces: readonly Piece[];
  /** The line with blanks in their place. */
  readonly rest: string;
}

const KINDS: readonly (readonly [Kind, readonly Rule[]])[] = [["date", DATES], ["time", TIMES], ["channel", CHANNELS]];

/** Stands where a piece was found, so that no pattern reaches across it. */
const TAKEN = "\u0000";

/** How a piece is told from others of its line, for one that the person struck out. */
export const nameOf = ({ kind, words }: Pick<Piece, "kind" | "words">): string => `${kind} ${words}`;

/** `struck`: names of pieces that are to be mere words. */
export function parse(line: string, context: Context, struck: ReadonlySet<string> = new Set()): Parsed {
  let left = line;
  const pieces: Piece[] = [];
  for (const [kind, rules] of KINDS) {
    const piece = pieceOf(kind, rules, left, context, struck);
    if (piece === null) continue;
    pieces.push(piece);
    left = replaced(left, piece, TAKEN);
  }
  return { pieces: pieces.sort((a, b) => a.from - b.from), rest: pieces.reduce(blanked, line) };
}

/** The earliest that stands for something, of two at one place the more exact one; else the earliest that looks like it but cannot be. */
function pieceOf(kind: Kind, rules: readonly Rule[], line: string, context: Context, struck: ReadonlySet<string>): Piece | null {
  const all = rules.flatMap(({ pattern, read }) =>
    [...line.matchAll(pattern)].map((match): Piece => {
      const [words, ...groups] = match;
      return { kind, from: match.index, to: match.index + words.length, words, value: read(groups, context) };
    }),
  );
  const found = all.filter((piece) => piece.words.trim() !== "" && !struck.has(nameOf(piece))).sort((a, b) => a.from - b.from);
  const impossible = found.find(({ value }) => value === null) ?? null;
  return found.find((piece) => piece.value !== null && !overlaps(piece, impossible)) ?? impossible;
}

/** Of 2月30日 nobody means the 30th of this month. */
const overlaps = (piece: Piece, other: Piece | null): boolean => other !== null && piece.from < other.to && other.from < piece.to;

/** The same length, so that places in it are places in the line. */
const replaced = (line: string, { from, to }: Pick<Piece, "from" | "to">, by: string): string => line.slice(0, from) + by.repeat(to - from) + line.slice(to);

export const blanked = (line: string, span: Pick<Piece, "from" | "to">): string => replaced(line, span, " ");
