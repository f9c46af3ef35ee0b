/** One byte form for one value (SPEC 1.1), so that hashes and stored bytes agree between languages. */
import { compareUtf8, fromBytes, toBytes } from "./utf8";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const MAX_DEPTH = 16;

/** `code` names what was refused: undecodable, number, text, duplicate_key, too_deep or type. */
export class CanonicalError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const BAD_TEXT = /[\0\ud800-\udfff]/u;
// Strings first, so that what is left of a JSON text is its structure alone.
const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const FLOAT = /\d[.eE]/;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const has = (object: object, key: string): boolean => Object.hasOwn(object, key);

export const sortedKeys = (object: object): string[] => Object.keys(object).sort(compareUtf8);

function quoted(text: string): string {
  if (BAD_TEXT.test(text)) throw new CanonicalError("text");
  return JSON.stringify(text);
}

function written(value: unknown, depth: number): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new CanonicalError("number");
    return String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value !== "object") throw new CanonicalError("type");
  if (depth >= MAX_DEPTH) throw new CanonicalError("too_deep");
  if (Array.isArray(value)) return `[${value.map((item) => written(item, depth + 1)).join(",")}]`;
  const entries = value as Record<string, unknown>;
  const members = sortedKeys(entries).map((key) => `${quoted(key)}:${written(entries[key], depth + 1)}`);
  return `{${members.join(",")}}`;
}

/** The canonical text; its UTF-8 bytes are what is hashed and sent. */
export const dumpText = (value: unknown): string => written(value, 0);

/** The canonical bytes. Throws CanonicalError on what canonical JSON cannot carry. */
export const dumps = (value: unknown): Uint8Array => toBytes(dumpText(value));

/** Refuses what only a walk can see, and returns how many members all objects have together. */
function walked(value: unknown, depth: number): number {
  if (typeof value === "string") {
    if (BAD_TEXT.test(value)) throw new CanonicalError("text");
  } else if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new CanonicalError("number");
  }
  if (typeof value !== "object" || value === null) return 0;
  if (depth >= MAX_DEPTH) throw new CanonicalError("too_deep");
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += walked(item, depth + 1);
    return members;
  }
  for (const [key, item] of Object.entries(value)) {
    if (BAD_TEXT.test(key)) throw new CanonicalError("text");
    members += 1 + walked(item, depth + 1);
  }
  return members;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, undefined);
  } catch {
    throw new CanonicalError("undecodable");
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return fromBytes(bytes);
  } catch {
    throw new CanonicalError("undecodable");
  }
}

/** Reads JSON text and refuses what canonical JSON forbids; key order and white space are free. */
export function loadText(text: string): Json {
  const value = parsed(text);
  const structure = text.replace(STRINGS, '"');
  if (FLOAT.test(structure)) throw new CanonicalError("number");
  const members = walked(value, 0);
  if (members !== structure.split(":").length - 1) throw new CanonicalError("duplicate_key");
  return value as Json;
}

/** Reads bytes; see loadText. Throws CanonicalError. */
export const loads = (bytes: Uint8Array): Json => loadText(decoded(bytes));

/** What enqueue does to typed text (SPEC 15.2): lone surrogates become U+FFFD, NUL goes. */
export function cleaned(value: Json): Json {
  if (typeof value === "string") return value.replace(/[\ud800-\udfff]/gu, "\ufffd").replaceAll("\0", "");
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item as Json)]));
}
