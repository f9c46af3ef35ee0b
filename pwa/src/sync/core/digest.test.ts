import fc from "fast-check";
import { expect, it } from "vitest";
import { add, rowDigest, subtract, toHex, toNumber } from "./digest";
import { toBytes } from "./utf8";

const digests = fc.array(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), { maxLength: 8 });

it("a sum does not depend on the order, and gives back what was added", () => {
  fc.assert(
    fc.property(digests, (all) => {
      const sum = all.reduce(add, 0n);
      expect([...all].reverse().reduce(add, 0n)).toBe(sum);
      expect(all.reduce(subtract, sum)).toBe(0n);
      expect(toNumber(toHex(sum))).toBe(sum);
      expect(toHex(sum)).toHaveLength(32);
    }),
  );
});

it("a digest changes with each of its parts", () => {
  const body = toBytes("{}");
  const all = [
    rowDigest("site", "p", [1, 1], body),
    rowDigest("contact", "p", [1, 1], body),
    rowDigest("site", "q", [1, 1], body),
    rowDigest("site", "p", [2, 1], body),
    rowDigest("site", "p", [1, 2], body),
    rowDigest("site", "p", [1, 1], toBytes('{"a":1}')),
  ];
  expect(new Set(all).size).toBe(all.length);
});
