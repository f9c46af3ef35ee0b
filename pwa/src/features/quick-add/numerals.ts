/** Small whole numbers as people type them: digits, Chinese numerals, and the first English words. */

/** For use inside other patterns; at most three places. */
export const NUMBER = "(?:\\d{1,3}|[〇零一二兩两三四五六七八九十]{1,3})";

const DIGITS = "〇一二三四五六七八九";
const SAME: Readonly<Record<string, string>> = { 零: "〇", 兩: "二", 两: "二" };
const WORDS: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10 };

/** NaN for what is no number. */
export function numberOf(written: string): number {
  if (/^\d+$/.test(written)) return Number(written);
  const word = WORDS[written.toLowerCase()];
  return word ?? ofChinese(Array.from(written, (each) => SAME[each] ?? each).join(""));
}

/** 三, 十, 十五, 二十, 二十三 */
function ofChinese(written: string): number {
  const parts = /^([一二三四五六七八九]?)(十?)([〇一二三四五六七八九]?)$/.exec(written);
  if (parts === null) return Number.NaN;
  const [, first = "", ten = "", last = ""] = parts;
  if (ten === "") return first !== "" && last !== "" ? Number.NaN : valueOf(first + last);
  return (first === "" ? 1 : valueOf(first)) * 10 + (last === "" ? 0 : valueOf(last));
}

const valueOf = (digit: string): number => (digit === "" ? Number.NaN : DIGITS.indexOf(digit));
