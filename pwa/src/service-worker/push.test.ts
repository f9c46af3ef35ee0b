/** What becomes of a push before it is shown. */
import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { pathOf, pushedOf } from "./push";
import { remember } from "./shown";

test("a push that cannot be read still says something", () => {
  for (const text of [undefined, "", "{", "null", "[]", '{"notification":null}', '{"notification":{"title":7}}']) expect(pushedOf(text).title).toBe("Baifang");
});

test("a readable one says what it says", () => {
  const text = JSON.stringify({ web_push: 8030, notification: { title: "待會有一個約", body: "打開看是哪一位", navigate: "https://a.tw/inbox?open=1", tag: "1", lang: "zh-Hant" } });
  expect(pushedOf(text)).toEqual({ title: "待會有一個約", body: "打開看是哪一位", navigate: "https://a.tw/inbox?open=1", tag: "1", lang: "zh-Hant" });
});

test("a push opens pages of ours and no others", () => {
  expect(["https://a.tw/inbox?open=1", "/today", "https://evil.tw/x", "javascript:alert(1)"].map((each) => pathOf(each, "https://a.tw"))).toEqual(["/inbox?open=1", "/today", "/inbox", "/inbox"]);
});

test("an id is noted once, and forgotten after some days", async () => {
  expect([await remember("a", 1), await remember("a", 2), await remember("b", 3)]).toEqual([true, false, true]);
  expect(await remember("c", 4 * 86_400_000)).toBe(true);
  expect(await remember("a", 4 * 86_400_000)).toBe(true);
});
