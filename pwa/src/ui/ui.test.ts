/** How windows become layouts, what the sync sign says, and which rows of a long list exist. */
import { expect, test } from "vitest";
import { languages, speak } from "../i18n/language";
import { widest } from "./choice-chips";
import { sayOf } from "./sync-chip";
import { heightOf, widthOf } from "./viewport";
import { slice } from "./virtual-list";

test("a width in rem picks the layout: magnified text is laid out like a smaller screen", () => {
  expect([390, 820, 1280].map((px) => widthOf(px / 16))).toEqual(["phone", "rail", "split"]);
  expect(widthOf(320 / 32)).toBe("narrow");
  expect(widthOf(1280 / 32)).toBe("rail");
});

test("the widest word of a row of chips is told in em, Chinese letters being wider than Latin ones", () => {
  expect(widest(["Progress", "No change", "Not met"])).toBeCloseTo(5.4);
  expect(widest(["有進展", "照舊"])).toBe(3);
});

test("a phone of 360x640 is short", () => {
  expect([844, 640, 480].map((px) => heightOf(px / 16))).toEqual(["tall", "short", "tiny"]);
});

test("five thousand rows put fewer than forty in the page, wherever one scrolled", () => {
  for (const above of [-200, 0, 40_000, 399_000]) {
    const { first, last } = slice(above, 1180, 80, 5000);
    expect(last - first).toBeLessThan(40);
    expect(first).toBeLessThanOrEqual(Math.max(0, above / 80));
    expect(last).toBeGreaterThanOrEqual(Math.min(5000, Math.ceil((above + 1180) / 80)));
  }
});

test("a list that became shorter shows its end, not nothing beyond it", () => {
  expect(slice(40_000, 800, 80, 3)).toEqual({ first: 0, last: 3 });
  expect(slice(40_000, 800, 80, 100, 0)).toEqual({ first: 90, last: 100 });
});

test("the sync sign's spoken name begins with the words on it, and says nothing twice", async () => {
  const calm = { waiting: 0, needsYou: 0, offline: false, busy: false, complete: true };
  const states = [calm, { ...calm, waiting: 2 }, { ...calm, needsYou: 2 }, { ...calm, needsYou: 1 }, { ...calm, offline: true }, { ...calm, busy: true }, { ...calm, complete: false }];
  for (const speaks of languages) {
    await speak(speaks);
    for (const { text, label } of states.map(sayOf)) expect(label.split(text)).toEqual(["", expect.not.stringMatching(/^$/)]);
  }
});
