/** One change as it is written down on the device and sent, byte for byte (SPEC 3). */
import { type Json, type JsonObject, CanonicalError, dumps, isObject, loads, sortedKeys } from "./canonical";
import type { Stamp } from "./clock";
import type { Rev } from "./digest";
import { isUuid } from "./ids";

export const OPS = ["create", "patch", "delete", "restore", "revise", "void", "command"] as const;
export type Op = (typeof OPS)[number];

export interface Mutation {
  readonly id: string;
  readonly entity: string;
  readonly pk: string;
  readonly op: Op;
  /** The row's revision when editing began; null for create. */
  readonly seen_rev: Rev | null;
  readonly base: JsonObject;
  readonly patch: JsonObject;
  readonly hlc: Stamp;
  readonly schema: number;
  readonly after: readonly string[];
  readonly supersedes?: string;
  readonly seen_agg?: number;
}

export const MAX_MUTATION_BYTES = 64 * 1024;
export const MAX_TXN_BYTES = 256 * 1024;
export const MAX_TXN_MUTATIONS = 100;

/** `code` is one of SPEC 7.2; `fields` names the keys that are wrong. */
export class MutationError extends Error {
  constructor(
    readonly code: string,
    readonly fields: readonly string[] = [],
  ) {
    super(`${code} ${fields.join(" ")}`);
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(isCount);

const isText = (value: unknown): boolean => typeof value === "string";

const isAbsent = (value: unknown): boolean => value === null || value === undefined;

const SHAPES: Record<keyof Mutation, (value: unknown) => boolean> = {
  id: isUuid,
  entity: isText,
  pk: isUuid,
  op: isText,
  seen_rev: (value) => isAbsent(value) || isPair(value),
  base: isObject,
  patch: isObject,
  hlc: isPair,
  schema: isCount,
  after: (value) => Array.isArray(value) && value.every(isUuid),
  supersedes: (value) => isAbsent(value) || isUuid(value),
  seen_agg: (value) => isAbsent(value) || isCount(value),
};

const KEYS = sortedKeys(SHAPES) as (keyof Mutation)[];

function loaded(line: Uint8Array): Json {
  try {
    return loads(line);
  } catch (error) {
    if (error instanceof CanonicalError) throw new MutationError("undecodable", [error.code]);
    throw error;
  }
}

/** Checks a decoded line's shape; unknown keys are ignored. Throws MutationError: wrong_type or invalid_value. */
export function fromJson(value: Json): Mutation {
  if (!isObject(value)) throw new MutationError("wrong_type");
  const wrong = KEYS.filter((key) => !SHAPES[key](value[key]));
  if (wrong.length > 0) throw new MutationError("wrong_type", wrong);
  if (!OPS.includes(value["op"] as Op)) throw new MutationError("invalid_value", ["op"]);
  const known = KEYS.filter((key) => key === "seen_rev" || !isAbsent(value[key]));
  return Object.fromEntries(known.map((key) => [key, value[key] ?? null])) as unknown as Mutation;
}

/** Reads a mutation line. Throws MutationError: too_large, undecodable, wrong_type or invalid_value. */
export function decode(line: Uint8Array): Mutation {
  if (line.length > MAX_MUTATION_BYTES) throw new MutationError("too_large");
  return fromJson(loaded(line));
}

/** The line's exact bytes. Throws MutationError too_large, and CanonicalError on a bad value. */
export function encode(mutation: Mutation): Uint8Array {
  const bytes = dumps(mutation);
  if (bytes.length > MAX_MUTATION_BYTES) throw new MutationError("too_large");
  return bytes;
}

/** Refuses at enqueue what could never be pushed (SPEC 3.5); `lines` are the encoded mutations. */
export function checkTxn(mutations: readonly Mutation[], lines: readonly Uint8Array[]): void {
  const size = lines.reduce((sum, line) => sum + line.length, 0);
  if (mutations.length > MAX_TXN_MUTATIONS || size > MAX_TXN_BYTES) throw new MutationError("too_large");
  const hasCommand = mutations.some(({ op }) => op === "command");
  if (hasCommand && mutations.length > 1) throw new MutationError("invalid_value", ["op"]);
}
