import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Hunk, diff, merge3 } from "./text";

const words = fc.array(fc.constantFrom("客戶", "喜歡茶", "\n", "a", "b", "𠀀", "three "), { maxLength: 12 });
const text = words.map((parts) => parts.join(""));

const cap = fc.oneof(fc.nat(60), fc.constant(1_000_000));

function patched(a: string, hunks: readonly Hunk[]): string {
  const points = [...a];
  for (const { start, end, text: added } of [...hunks].reverse()) points.splice(start, end - start, ...added);
  return points.join("");
}

describe("diff", () => {
  it("gives hunks that turn one text into the other, whatever the cap", () => {
    fc.assert(fc.property(text, text, cap, (a, b, steps) => { expect(patched(a, diff(a, b, steps))).toBe(b); }));
  });

  it("changes no more than the middle", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        for (const { start, end, text: added } of diff(a, b)) expect([...a].slice(start, end).join("")).not.toBe(added);
      }),
    );
  });

  it("leaves at least four equal code points between hunks", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const hunks = diff(a, b);
        for (let i = 1; i < hunks.length; i++) expect(hunks[i]!.start - hunks[i - 1]!.end).toBeGreaterThanOrEqual(4);
      }),
    );
  });

  it("replaces the whole middle when the steps run out", () => {
    const [a, b] = ["<" + "a".repeat(3000) + ">", "<" + "b".repeat(3000) + ">"];
    expect(diff(a, b)).toEqual([{ start: 1, end: 3001, text: "b".repeat(3000) }]);
  });
});

describe("merge3", () => {
  it("keeps one side's change when the other side has none", () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(merge3(base, changed, base)).toEqual([changed, false]);
        expect(merge3(base, base, changed)).toEqual([changed, false]);
        expect(merge3(base, changed, changed)).toEqual([changed, false]);
      }),
    );
  });

  it("never loses a passage, and reports every mark", () => {
    fc.assert(
      fc.property(text, text, text, cap, (base, current, incoming, steps) => {
        const [merged, overlapped] = merge3(base, current, incoming, steps);
        for (const hunk of [...diff(base, current, steps), ...diff(base, incoming, steps)]) expect(merged).toContain(hunk.text);
        expect(overlapped).toBe(merged.includes("⟪"));
      }),
    );
  });

  it("keeps both passages marked where they overlap", () => {
    expect(merge3("開會 三點 公司", "開會 四點 公司", "開會 五點 公司")).toEqual(["開會 ⟪四⟫⟪五⟫點 公司", true]);
  });

  it("puts two additions at one place on lines of their own", () => {
    expect(merge3("note", "note one", "note two")).toEqual(["note one\n two", false]);
  });

  it("takes the edit when the other side deleted the passage", () => {
    expect(merge3("keep DROP keep", "keep  keep", "keep DRIP keep")).toEqual(["keep DRIP keep", false]);
  });
});
