/** An answer is kept exactly as long as nothing that it was made from has changed. */
import { expect, test } from "vitest";
import { memo } from "./memo";

test("what was asked before is not worked out again, and what differs in anything is", () => {
  let made = 0;
  const sum = memo(({ a }: { a: number }, b: number) => (made += 1, a + b));
  const [one, two] = [{ a: 1 }, { a: 2 }];
  expect([sum(one, 1), sum(two, 1), sum(one, 1), sum(two, 1)]).toEqual([2, 3, 2, 3]);
  expect(made).toBe(2);
  expect([sum(one, 5), sum({ a: 1 }, 1)]).toEqual([6, 2]);
  expect(made).toBe(4);
});
