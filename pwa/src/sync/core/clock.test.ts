import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, NEW_CLOCK, compareStamps, contacted, effective, observed, pruned, skewOf, stamped, tick } from "./clock";

const DAY = 86_400_000;
const reading = (wall: number, mono: number, session = "page") => ({ wall, mono, session });

describe("stamps", () => {
  it("rise even when the wall clock stands or runs back", () => {
    const stamp = fc.tuple(fc.nat(), fc.nat(65535));
    fc.assert(fc.property(stamp, fc.nat(), (last, wall) => { expect(compareStamps(tick(last, wall), last)).toBeGreaterThan(0); }));
  });

  it("follow what was seen and what came before, and never pass receipt", () => {
    const [stamp, skew] = [fc.tuple(fc.nat(2 ** 40), fc.nat(65535)), fc.integer({ min: -DAY, max: DAY })];
    fc.assert(
      fc.property(stamp, skew, stamp, stamp, fc.nat(2 ** 41), (claimed, skewed, seen, previous, receive) => {
        const result = effective({ claimed, skew: skewed, seen, previous, receive });
        const limit = [receive, 65535] as const;
        expect(compareStamps(result, limit)).toBeLessThanOrEqual(0);
        if (compareStamps(result, limit) === 0) return;
        expect(compareStamps(result, seen)).toBeGreaterThan(0);
        expect(compareStamps(result, previous)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("carry a full counter into the milliseconds", () => expect(tick([5, 65535], 5)).toEqual([6, 0]));

  it("are never later than receipt and never earlier than what was seen", () => {
    const claim: Claim = { claimed: [10 * DAY, 0], skew: 0, seen: null, previous: null, receive: DAY };
    expect(effective(claim)).toEqual([DAY, 65535]);
    expect(effective({ ...claim, claimed: [0, 0], seen: [500, 65535] })).toEqual([501, 0]);
    expect(effective({ ...claim, claimed: [0, 0], previous: [600, 2] })).toEqual([600, 2]);
  });
});

describe("the device's clock", () => {
  it("keeps the old skew for what was stamped before the wall was set", () => {
    const slow = stamped(contacted(NEW_CLOCK, reading(0, 0), 3 * DAY), reading(1000, 1000));
    const after = stamped(slow, reading(2000 + 3 * DAY, 2000));
    expect(skewOf(after, slow.last)).toBe(3 * DAY);
    expect(skewOf(after, after.last)).toBeNull();
  });

  it("keeps the old skew when the wall was set while the app was closed", () => {
    const slow = stamped(contacted(NEW_CLOCK, reading(0, 0), 3 * DAY), reading(1000, 1000));
    const reopened = contacted(observed(slow, reading(3 * DAY + 9000, 5, "next")), reading(3 * DAY + 9001, 6, "next"), 3 * DAY + 9001);
    expect(skewOf(reopened, slow.last)).toBe(3 * DAY);
  });

  it("does not take a slow drift for a step", () => {
    let state = contacted(NEW_CLOCK, reading(0, 0), 0);
    for (let hour = 1; hour < 9; hour++) state = stamped(state, reading(hour * 3_601_000, hour * 3_600_000));
    expect(state.kept).toEqual([]);
  });

  it("gives rising stamps however its clocks jump", () => {
    const look = fc.record({ wall: fc.nat(2 ** 40), mono: fc.nat(2 ** 40), session: fc.constantFrom("a", "b") });
    fc.assert(
      fc.property(fc.array(look), (looks) => {
        looks.reduce((state, one) => {
          const next = stamped(state, one);
          expect(compareStamps(next.last, state.last)).toBeGreaterThan(0);
          return next;
        }, NEW_CLOCK);
      }),
    );
  });

  it("stays small when two tabs take turns", () => {
    let state = contacted(NEW_CLOCK, reading(0, 0, "a"), 50);
    for (let i = 1; i < 9; i++) state = stamped(state, reading(i, i, i % 2 ? "b" : "a"));
    expect(state.kept.length).toBe(1);
    expect(pruned(state, null).kept).toEqual([]);
  });
});
