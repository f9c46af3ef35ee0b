/** One byte form for one value (SPEC 1.1), so that hashes and stored bytes agree between languages. */
import { compareUtf8, fromBytes, toBytes } from "./utf8";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const MAX_DEPTH = 16;

/** `code`: syntax, not_utf8, float, integer_range, nul, lone_surrogate, duplicate_key, depth, type. */
export class CanonicalError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const BAD_TEXT = /[\0\ud800-\udfff]/u;
// Strings first, so that what is left of a JSON text is its structure alone.
const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const FLOAT = /\d[.eE]|NaN|Infinity/;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const has = (object: object, key: string): boolean => Object.hasOwn(object, key);

export const sortedKeys = (object: object): string[] => Object.keys(object).sort(compareUtf8);

function checkText(text: string): void {
  if (BAD_TEXT.test(text)) throw new CanonicalError(text.includes("\0") ? "nul" : "lone_surrogate");
}

function checkNumber(value: number): void {
  if (!Number.isSafeInteger(value)) throw new CanonicalError(Number.isInteger(value) ? "integer_range" : "float");
}

function quoted(text: string): string {
  checkText(text);
  return JSON.stringify(text);
}

function written(value: unknown, depth: number): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") checkNumber(value);
  else if (typeof value === "object" && value !== null) return writtenTree(value, depth + 1);
  else if (value !== null && typeof value !== "boolean") throw new CanonicalError("type");
  return String(value);
}

function writtenTree(tree: object, depth: number): string {
  if (depth > MAX_DEPTH) throw new CanonicalError("depth");
  if (Array.isArray(tree)) return `[${tree.map((item) => written(item, depth)).join(",")}]`;
  const entries = tree as Record<string, unknown>;
  return `{${sortedKeys(tree).map((key) => `${quoted(key)}:${written(entries[key], depth)}`).join(",")}}`;
}

/** The canonical text; its UTF-8 bytes are what is hashed and sent. */
export const dumpText = (value: unknown): string => written(value, 0);

/** The canonical bytes. Throws CanonicalError on what canonical JSON cannot carry. */
export const dumps = (value: unknown): Uint8Array => toBytes(dumpText(value));

/** Refuses what only a walk can see, and returns how many members all objects have together. */
function walked(value: unknown, depth: number): number {
  if (typeof value === "string") checkText(value);
  else if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new CanonicalError("integer_range");
  } else if (typeof value === "object" && value !== null) return walkedTree(value, depth + 1);
  return 0;
}

function walkedTree(tree: object, depth: number): number {
  if (depth > MAX_DEPTH) throw new CanonicalError("depth");
  if (Array.isArray(tree)) return tree.reduce<number>((sum, item) => sum + walked(item, depth), 0);
  let members = 0;
  for (const [key, item] of Object.entries(tree)) {
    checkText(key);
    members += 1 + walked(item, depth);
  }
  return members;
}

const positiveZero = (_key: string, value: unknown): unknown => (value === 0 ? 0 : value);

function parsed(text: string, structure: string): unknown {
  try {
    return JSON.parse(text, structure.includes("-0") ? positiveZero : undefined);
  } catch {
    throw new CanonicalError("syntax");
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return fromBytes(bytes);
  } catch {
    throw new CanonicalError("not_utf8");
  }
}

/** Reads JSON text and refuses what canonical JSON forbids; key order, escapes and white space are free. */
export function loadText(text: string): Json {
  const structure = text.replace(STRINGS, '"');
  if (FLOAT.test(structure)) throw new CanonicalError("float");
  const value = parsed(text, structure);
  if (walked(value, 0) !== structure.split(":").length - 1) throw new CanonicalError("duplicate_key");
  return value as Json;
}

/** Reads bytes; see loadText. Throws CanonicalError. */
export const loads = (bytes: Uint8Array): Json => loadText(decoded(bytes));

/** Whether two values have the same canonical form. */
export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (typeof a === "object" && typeof b === "object" && dumpText(a) === dumpText(b));

/** What enqueue does to typed text (SPEC 15.2): lone surrogates become U+FFFD, NUL goes. */
export function cleaned(value: Json): Json {
  if (typeof value === "string") return value.replace(/[\ud800-\udfff]/gu, "\ufffd").replaceAll("\0", "");
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item as Json)]));
}
