/** Small readers that check what arrives before anything trusts it. Keys that are not known are ignored (SPEC 16). */
import { isObject } from "../core/canonical";
import { fromBytes, toBytes } from "../core/utf8";

/** `path` names the part of the message that is wrong. */
export class WireError extends Error {
  constructor(readonly path: string) {
    super(`unreadable message: ${path}`);
  }
}

/** Returns the value as T or throws WireError. */
export type Reader<T> = (value: unknown, path: string) => T;

/** A reader of values that pass a test. */
const passing =
  <T>(test: (value: unknown) => value is T): Reader<T> =>
  (value, path) => {
    if (test(value)) return value;
    throw new WireError(path);
  };

export const text = passing((value): value is string => typeof value === "string");
export const bool = passing((value): value is boolean => typeof value === "boolean");
export const integer = passing((value): value is number => Number.isSafeInteger(value));
export const record = passing(isObject);
export const pair = passing(
  (value): value is readonly [number, number] =>
    Array.isArray(value) && value.length === 2 && value.every((item) => Number.isSafeInteger(item)),
);

export const oneOf = <T extends string>(...words: readonly T[]): Reader<T> =>
  passing((value): value is T => words.includes(value as T));

/** Absent counts as null. */
export const nullable =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, path) =>
    value == null ? null : read(value, path);

export const list =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw new WireError(path);
    return value.map((item, index) => read(item, `${path}[${index}]`));
  };

export const dict =
  <T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value, path) =>
    Object.fromEntries(Object.entries(record(value, path)).map(([key, item]) => [key, read(item, `${path}.${key}`)]));

export const shape =
  <T extends object>(readers: { readonly [K in keyof T]: Reader<T[K]> }): Reader<T> =>
  (value, path) => {
    const given = record(value, path);
    const result: Partial<T> = {};
    for (const key in readers) result[key] = readers[key](given[key], `${path}.${key}`);
    return result as T;
  };

/** JSON text to a checked message. */
export function parseText<T>(read: Reader<T>, json: string, name: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new WireError(name);
  }
  return read(value, name);
}

/** One line's bytes to a checked message. */
export function parseLine<T>(read: Reader<T>, line: Uint8Array, name: string): T {
  let json: string;
  try {
    json = fromBytes(line);
  } catch {
    throw new WireError(name);
  }
  return parseText(read, json, name);
}

const NEWLINE = 10;

/** The lines of an NDJSON body, as views of its bytes; every line ends with a newline, else the body was cut. */
export function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start !== bytes.length) throw new WireError("cut");
  return lines;
}

/** The bytes of an NDJSON body. */
export function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0));
  let at = 0;
  for (const line of lines) {
    bytes.set(line, at);
    at += line.length + 1;
    bytes[at - 1] = NEWLINE;
  }
  return bytes;
}

export const jsonLine = (value: object): Uint8Array => toBytes(JSON.stringify(value));
