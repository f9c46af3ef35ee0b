import fc from "fast-check";
import { expect, it } from "vitest";
import { uuid5, uuid7, isUuid } from "./ids";
import { MAX_MUTATION_BYTES, type Mutation, MutationError, OPS, checkTxn, decode, encode } from "./mutation";

const text = fc.string({ unit: "grapheme" }).map((s) => s.replaceAll("\0", ""));
const id = fc.tuple(fc.nat(2 ** 40), fc.uint8Array({ minLength: 10, maxLength: 10 })).map(([ms, random]) => uuid7(ms, random));
const fields = fc.dictionary(text, fc.oneof(text, fc.maxSafeInteger(), fc.constant(null)), { maxKeys: 3, noNullPrototype: true });
const pair = fc.tuple(fc.nat(), fc.nat());
const mutation: fc.Arbitrary<Mutation> = fc.record(
  {
    id, entity: text, pk: id, op: fc.constantFrom(...OPS), seen_rev: fc.option(pair), base: fields, patch: fields, hlc: pair,
    schema: fc.nat(), after: fc.array(id, { maxLength: 3 }), supersedes: id, seen_agg: fc.nat(),
  },
  { requiredKeys: ["id", "entity", "pk", "op", "seen_rev", "base", "patch", "hlc", "schema", "after"], noNullPrototype: true },
);

const sized = (length: number): Mutation => ({
  id: uuid7(0, new Uint8Array(10)), entity: "customer", pk: uuid7(1, new Uint8Array(10)), op: "patch", seen_rev: null,
  base: {}, patch: { x: "y".repeat(length) }, hlc: [0, 0], schema: 1, after: [],
});

it("a mutation survives its line", () => {
  fc.assert(fc.property(mutation, (one) => { expect(decode(encode(one))).toEqual(one); }));
});

it("minted ids are ids", () => {
  fc.assert(fc.property(id, text, (namespace, name) => { expect([namespace, uuid5(namespace, name)].every(isUuid)).toBe(true); }));
});

it("a line of 64 KiB is written and a byte more is not", () => {
  const room = MAX_MUTATION_BYTES - encode(sized(0)).length;
  expect(encode(sized(room))).toHaveLength(MAX_MUTATION_BYTES);
  expect(() => encode(sized(room + 1))).toThrow(new MutationError("too_large"));
});

it("a command shares its txn with nothing", () => {
  const [command, patch] = [{ ...sized(0), op: "command" as const }, sized(0)];
  expect(() => checkTxn([command, patch], [encode(command), encode(patch)])).toThrow(new MutationError("invalid_value", ["op"]));
  checkTxn([command], [encode(command)]);
});
