/** What a line means, in the words of people who are in a hurry. Sunday 22 November 2026 is today. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { nameOf, parse, type Kind } from "./parse";

const TODAY = "2026-11-22";
const read = (line: string, kind: Kind, isDayFirst = false): string | null | undefined =>
  parse(line, { today: TODAY, isDayFirst }).pieces.find((piece) => piece.kind === kind)?.value;

test.each([
  ["今天", "2026-11-22"], ["明天拜訪", "2026-11-23"], ["后天", "2026-11-24"], ["大後天下午", "2026-11-25"], ["今晚", "2026-11-22"], ["明早9點", "2026-11-23"], ["明晚八點", "2026-11-23"],
  ["三天後", "2026-11-25"], ["10天后", "2026-12-02"], ["兩週後", "2026-12-06"], ["2個禮拜後", "2026-12-06"], ["一個月後", "2026-12-22"], ["三个月后", "2027-02-22"], ["半個月後", "2026-12-07"],
  ["週一", "2026-11-23"], ["周日", "2026-11-29"], ["星期天", "2026-11-29"], ["下週三", "2026-11-25"], ["下星期五", "2026-11-27"], ["下下周二", "2026-12-01"], ["這週六", "2026-11-28"], ["本週日", "2026-11-22"], ["下個禮拜三", "2026-11-25"], ["下週", "2026-11-23"],
  ["月底前", "2026-11-30"], ["下個月底", "2026-12-31"], ["下個月", "2026-12-01"], ["下月5號", "2026-12-05"], ["25號", "2026-11-25"], ["3號", "2026-12-03"], ["二十三號", "2026-11-23"],
  ["12月25日", "2026-12-25"], ["3月1號", "2027-03-01"], ["十二月五號", "2026-12-05"], ["明年2月3日", "2027-02-03"], ["2月29日", "2028-02-29"], ["12/5", "2026-12-05"], ["1/2", "2027-01-02"],
  ["2027-03-05", "2027-03-05"], ["2027/3/5", "2027-03-05"], ["2027年3月5日", "2027-03-05"], ["116/3/5", "2027-03-05"], ["民國116年3月5日", "2027-03-05"],
])("%s is %s", (line, date) => expect(read(line, "date")).toBe(date));

test.each([
  ["today", "2026-11-22"], ["call Amy tomorrow 3pm", "2026-11-23"], ["the day after tomorrow", "2026-11-24"], ["tonight", "2026-11-22"], ["in 3 days", "2026-11-25"], ["in two weeks", "2026-12-06"], ["in a month", "2026-12-22"],
  ["Monday", "2026-11-23"], ["on Sunday", "2026-11-29"], ["next Wed", "2026-11-25"], ["next week", "2026-11-23"], ["this Friday", "2026-11-27"], ["thurs", "2026-11-26"], ["end of the month", "2026-11-30"], ["next month", "2026-12-01"],
  ["5 Dec", "2026-12-05"], ["Dec 5th", "2026-12-05"], ["the 1st of March", "2027-03-01"], ["March 1, 2028", "2028-03-01"], ["on sat", "2026-11-28"],
])("%s is %s in English, too", (line, date) => expect(read(line, "date", true)).toBe(date));

test("what is written with a slash is read in the reader's order, or in the only one that gives a day", () => {
  expect(read("3/4", "date")).toBe("2027-03-04");
  expect(read("3/4", "date", true)).toBe("2027-04-03");
  expect(read("12/25", "date", true)).toBe("2026-12-25");
});

test.each(["2月30日", "13月1日", "2026/13/1", "2027-02-29", "0月5日", "25/12"])("there is no %s", (line) => expect(read(line, "date")).toBeNull());

test.each([
  ["10點", "10:00"], ["下午3點", "15:00"], ["下午三點半", "15:30"], ["晚上8點", "20:00"], ["早上9点15分", "09:15"], ["3點", "15:00"], ["7點", "07:00"], ["兩點一刻", "14:15"], ["中午", "12:00"], ["中午12點", "12:00"], ["凌晨12點", "00:00"],
  ["10:30", "10:30"], ["3:30", "15:30"], ["15:00", "15:00"], ["下午 2:05", "14:05"], ["5點前", "17:00"], ["十一點十分", "11:10"], ["3點鐘", "15:00"], ["9時30分", "09:30"],
  ["3pm", "15:00"], ["3:30 p.m.", "15:30"], ["12am", "00:00"], ["12pm", "12:00"], ["at 4", "16:00"], ["at 9", "09:00"], ["noon", "12:00"], ["at 10 o'clock", "10:00"],
])("%s is at %s", (line, time) => expect(read(line, "time")).toBe(time));

test.each(["25點", "10:75", "13pm", "晚上12點"])("there is no %s", (line) => expect(read(line, "time")).toBeNull());

test.each([
  ["拜訪王經理", "visit"], ["去见陈总", "visit"], ["see Amy", "visit"], ["打電話給陳小姐", "call"], ["打给王经理", "call"], ["回電", "call"], ["call Amy back", "call"], ["寄信給大同", "email"], ["发邮件给王总", "email"], ["email Bob", "email"],
  ["傳LINE給小陳", "chat"], ["发微信给王总", "chat"], ["text Amy", "chat"],
])("%s is a %s", (line, channel) => expect(read(line, "channel")).toBe(channel));

test.each(["王經理", "Sun Moon Lake Hotel", "Seed Co.", "中山路3號", "Airline Ltd.", "Mayor", "B12", "三號店", "1/2/3/4"])("%s says neither when nor how", (line) =>
  expect(parse(line, { today: TODAY, isDayFirst: false }).pieces).toEqual([]));

test("a whole line comes apart, and what remains keeps its place", () => {
  const line = "下週三 10點 拜訪王經理 談新報價";
  const { pieces, rest } = parse(line, { today: TODAY, isDayFirst: false });
  expect(pieces.map(({ kind, value }) => [kind, value])).toEqual([["date", "2026-11-25"], ["time", "10:00"], ["channel", "visit"]]);
  expect(rest).toHaveLength(line.length);
  expect(rest.trim()).toBe("王經理 談新報價");
});

test("of several the first counts, of two readings of the same words the more exact one", () => {
  expect(read("明天 不然後天", "date")).toBe("2026-11-23");
  expect(read("call Amy about the email", "channel")).toBe("call");
  expect(read("大後天", "date")).toBe("2026-11-25");
});

test("a piece that was struck out is words again, and the next one counts", () => {
  const struck = new Set([nameOf({ kind: "date", words: "明天" })]);
  const { pieces, rest } = parse("明天會更好 下週三打電話", { today: TODAY, isDayFirst: false }, struck);
  expect(pieces.find(({ kind }) => kind === "date")?.words).toBe("下週三");
  expect(rest.trim()).toBe("明天會更好");
});

test("no piece reaches across another", () => {
  expect(parse("0下週三pm", { today: TODAY, isDayFirst: false }).pieces.map(({ kind }) => kind)).toEqual(["date"]);
});

test("the name of a month before an hour is a person's", () => {
  const { pieces, rest } = parse("call May 3pm", { today: TODAY, isDayFirst: true });
  expect(pieces.map(({ value }) => value)).toEqual(["call", "15:00"]);
  expect(rest.trim()).toBe("May");
});

const WORDS = ["下週三", "10點", "拜訪", "明天", "call", "at", "3", "號", "月", "2", "/", "30", "pm", "王", "Amy", " ", "前", "半", "in", "days", "next", "Wed", "👍", "㐀", "週", "後"];

test("whatever is typed, pieces lie in the line, apart, and hold a real day and hour", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 4 })), { maxLength: 12 }), fc.boolean(), (words, isDayFirst) => {
      const line = words.join("");
      const { pieces, rest } = parse(line, { today: TODAY, isDayFirst });
      expect(rest).toHaveLength(line.length);
      let end = 0;
      for (const { kind, from, to, value, words: own } of pieces) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(line.slice(from, to)).toBe(own);
        end = to;
        if (value !== null && kind === "date") expect(new Date(`${value}T00:00:00Z`).toISOString().slice(0, 10)).toBe(value);
        if (value !== null && kind === "time") expect(value).toMatch(/^([01]\d|2[0-3]):[0-5]\d$/);
      }
    }),
    { numRuns: 500 },
  );
});
