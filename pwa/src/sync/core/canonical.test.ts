import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CanonicalError, cleaned, dumpText, dumps, loadText, loads, same } from "./canonical";
import { compareUtf8, toBytes } from "./utf8";

const value = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.string({ unit: "binary" }).map((s) => s.replaceAll("\0", ""))),
  tree: fc.oneof(
    { depthSize: "small", maxDepth: 5 },
    tie("leaf"),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(fc.string().map((s) => s.replaceAll("\0", "")), tie("tree"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).tree;

function byteOrder(a: string, b: string): number {
  const [x, y] = [toBytes(a), toBytes(b)];
  const at = x.findIndex((byte, i) => byte !== y[i]);
  return at === -1 ? x.length - y.length : at >= y.length ? 1 : x[at]! - y[at]!;
}

describe("canonical JSON", () => {
  it("reads back what it wrote, byte for byte", () => {
    fc.assert(fc.property(value, (v) => { expect(dumpText(loads(dumps(v)))).toBe(dumpText(v)); }));
  });

  it("leads any spelling to one form", () => {
    fc.assert(fc.property(value, (v) => { expect(dumpText(loadText(JSON.stringify(v, null, 2)))).toBe(dumpText(v)); }));
  });

  it("calls values the same exactly when their bytes are", () => {
    fc.assert(fc.property(value, value, (a, b) => { expect(same(a as never, b as never)).toBe(dumpText(a) === dumpText(b)); }));
  });

  it("finds a hundred thousand brackets too deep, and does not crash", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(() => loadText(deep)).toThrow(new CanonicalError("depth"));
  });

  it("sorts keys by UTF-8, where U+20000 comes after U+FF5E", () => {
    expect(dumpText({ "\u{20000}": 1, "\uff5e": 2 })).toBe('{"\uff5e":2,"\u{20000}":1}');
  });

  it("compares strings as their UTF-8 bytes", () => {
    const unit = fc.constantFrom("a", "\u007f", "é", "\ud7ff", "\ue000", "\uff5e", "\u{10000}", "\u{20000}");
    const word = fc.array(unit, { maxLength: 4 }).map((parts) => parts.join(""));
    fc.assert(fc.property(word, word, (a, b) => { expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(byteOrder(a, b))); }));
  });

  it.each(["1.0", "1e2", '{"a":1,"a":2}', '"\\ud83d"', '"\\u0000"', "9007199254740993", "\ufeff1", "NaN", "[".repeat(17) + "]".repeat(17)])(
    "refuses %j",
    (bad) => expect(() => loadText(bad)).toThrow(),
  );

  it.each([1.5, NaN, 2 ** 53, "\ud83d", "a\0b", { "\ud83d": 1 }, undefined])("refuses to write %j", (bad) =>
    expect(() => dumps(bad)).toThrow(),
  );

  it("accepts a colon, a number and a quote inside strings", () => {
    expect(loadText('{"a:1.5":"\\"1e9:\\\\"}')).toEqual({ "a:1.5": '"1e9:\\' });
  });

  it("replaces lone surrogates and removes NUL when cleaning what was typed", () => {
    expect(cleaned({ a: ["x\ud83d\0y", "👍"] })).toEqual({ a: ["x\ufffdy", "👍"] });
  });
});
