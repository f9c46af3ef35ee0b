import fc from "fast-check";
import { expect, it } from "vitest";
import { type Held, takesRemoval, takesUpsert } from "./cursor";

const row = fc.record({ generation: fc.nat(2), rev: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 })) });
const order = ({ generation, rev }: Held): number => generation * 100 + rev[0] * 10 + rev[1];

it("a mirror ends with the newest row in whatever order rows come", () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (served) => {
      const held = served.reduce<Held | null>((before, one) => (takesUpsert(before, null, one, "page") ? one : before), null);
      expect(order(held!)).toBe(Math.max(...served.map(order)));
    }),
  );
});

it("a marker stops an older chunk, lets the unchanged row of a moved child in, and never stops a page", () => {
  const at = (n: number): Held => ({ generation: 0, rev: [1, n] });
  expect([2, 3, 4].map((n) => takesUpsert(null, [1, 3], at(n), "chunk"))).toEqual([false, true, true]);
  expect(takesUpsert(null, [1, 3], at(2), "page")).toBe(true);
});

it("a removal takes the row it is about, and older ones", () => {
  const held: Held = { generation: 1, rev: [1, 3] };
  const tell = (generation: number, n: number) => takesRemoval(held, { generation, rev: [1, n] });
  expect([tell(1, 2), tell(1, 3), tell(1, 4), tell(2, 1), tell(0, 9)]).toEqual([false, true, true, true, false]);
});
