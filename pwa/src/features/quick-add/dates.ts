/** Dates as people say them in Chinese and English, read from the company's calendar. */
import { addDays } from "../../i18n/index";
import { NUMBER, numberOf } from "./numerals";
import { rule, type Context, type Rule } from "./rules";

const WEEK = "(?:個|个)?(?:週|周|星期|禮拜|礼拜)";
const AFTER = "(?:之|以)?[後后]";
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = `(${MONTHS.join("|")})[a-z]*\\.?`;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const CHINESE_DAYS = "日一二三四五六";
/** The year of the Republic's calendar is so much smaller. */
const REPUBLIC = 1911;
const COUNT = "(\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)";
/** So many years ahead nobody plans; it would be a slip. */
const MOST_YEARS = 10;

const pad = (value: number): string => String(value).padStart(2, "0");

/** Null where there is no such day. */
function dayOf(year: number, month: number, day: number): string | null {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month))) return null;
  return `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
}

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const partsOf = (date: string): [number, number, number] => date.split("-").map(Number) as [number, number, number];

/** The first such day from today on; 2/29 may be years away, 2/30 never comes. */
function coming(today: string, month: number, day: number): string | null {
  const [year] = partsOf(today);
  for (let ahead = 0; ahead <= MOST_YEARS; ahead++) {
    const found = dayOf(year + ahead, month, day);
    if (found !== null && found >= today) return found;
  }
  return null;
}

/** The same day so many months on, or that month's last. */
function monthsOn(today: string, months: number): string {
  const [year, month, day] = partsOf(today);
  const [inYear, inMonth] = [year + Math.floor((month - 1 + months) / 12), ((month - 1 + months) % 12) + 1];
  return dayOf(inYear, inMonth, Math.min(day, lastDay(inYear, inMonth))) as string;
}

/** A day of the month so many months on. */
function inMonth(today: string, months: number, day: number): string | null {
  const [year, month] = partsOf(monthsOn(`${today.slice(0, 8)}01`, months));
  return dayOf(year, month, day);
}

function monthEnd(today: string, months: number): string {
  const [year, month] = partsOf(monthsOn(`${today.slice(0, 8)}01`, months));
  return dayOf(year, month, lastDay(year, month)) as string;
}

const weekdayOf = (date: string): number => new Date(`${date}T12:00:00Z`).getUTCDay();

/** A day of this week (0) or one that follows; weeks begin on Mondays. */
const ofWeek = (today: string, weeks: number, weekday: number): string => addDays(today, weeks * 7 + ((weekday + 6) % 7) - ((weekdayOf(today) + 6) % 7));

/** The next such day; today's own name means the one in a week. */
const nextDay = (today: string, weekday: number): string => addDays(today, (weekday - weekdayOf(today) + 6) % 7 + 1);

/** Plans lie ahead: on a Sunday this Friday is not the one that has been. */
function ofThisWeek(today: string, weekday: number): string {
  const found = ofWeek(today, 0, weekday);
  return found < today ? addDays(found, 7) : found;
}

function chineseDay([which = "", name = ""]: readonly (string | undefined)[], { today }: Context): string {
  const weekday = name === "天" ? 0 : CHINESE_DAYS.indexOf(name);
  if (which === "") return nextDay(today, weekday);
  return which.startsWith("下") ? ofWeek(today, which.length, weekday) : ofThisWeek(today, weekday);
}

function englishDay([which = "", name = ""]: readonly (string | undefined)[], { today }: Context): string {
  const weekday = DAYS.indexOf(name.slice(0, 3).toLowerCase());
  if (/next/i.test(which)) return ofWeek(today, 1, weekday);
  return /this/i.test(which) ? ofThisWeek(today, weekday) : nextDay(today, weekday);
}

/** In the reader's order, or in the only one that gives a date. */
function slashed([a = "", b = ""]: readonly (string | undefined)[], { today, isDayFirst }: Context): string | null {
  const [first, second] = [Number(a), Number(b)];
  const [usual, other] = isDayFirst ? [coming(today, second, first), coming(today, first, second)] : [coming(today, first, second), coming(today, second, first)];
  return usual ?? (isDayFirst ? other : null);
}

const monthDay = (month: string, day: string, year: string | undefined, today: string): string | null => {
  const number = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return year === undefined ? coming(today, number, Number(day)) : dayOf(Number(year), number, Number(day));
};

const on = (days: number): Rule["read"] => (_, { today }) => addDays(today, days);

const WRITTEN: readonly Rule[] = [
  rule("(?<!\\d)(\\d{4})[-/.年](\\d{1,2})[-/.月](\\d{1,2})(?!\\d)[日號号]?", ([y, m, d]) => dayOf(Number(y), Number(m), Number(d))),
  rule("(?<!\\d)(?:民國|民国)?(1\\d{2})[-/.年](\\d{1,2})[-/.月](\\d{1,2})(?!\\d)[日號号]?", ([y, m, d]) => dayOf(Number(y) + REPUBLIC, Number(m), Number(d))),
  rule(`(明年|今年)?(${NUMBER})月(${NUMBER})[日號号]?`, ([year = "", m = "", d = ""], { today }) => {
    const [now] = partsOf(today);
    if (year === "") return coming(today, numberOf(m), numberOf(d));
    return dayOf(year === "明年" ? now + 1 : now, numberOf(m), numberOf(d));
  }),
  rule(`(?:on\\s+)?(?<!\\d)(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}(?:,?\\s+(\\d{4}))?\\b`, ([d = "", m = "", y], { today }) => monthDay(m, d, y, today)),
  rule(`(?:on\\s+)?\\b${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?!\\d|\\s*[:：]|\\s*[ap]\\.?m)(?:,?\\s+(\\d{4}))?`, ([m = "", d = "", y], { today }) => monthDay(m, d, y, today)),
  rule("(?<![\\d/])(\\d{1,2})/(\\d{1,2})(?![\\d/])", slashed),
];

const SPOKEN: readonly Rule[] = [
  rule("大[後后]天", on(3)),
  rule("[後后]天", on(2)),
  rule("(今|明)(?:[天日]|(?=[早晚]上?\\s*(?:\\d|[一二兩两三四五六七八九十]))|[早晚]上?)", ([which], { today }) => addDays(today, which === "明" ? 1 : 0)),
  rule(`半(?:個|个)月${AFTER}`, on(15)),
  rule(`(${NUMBER})\\s*[天日]${AFTER}`, ([n = ""], { today }) => addDays(today, numberOf(n))),
  rule(`(${NUMBER})\\s*${WEEK}${AFTER}`, ([n = ""], { today }) => addDays(today, 7 * numberOf(n))),
  rule(`(${NUMBER})\\s*(?:個|个)月${AFTER}`, ([n = ""], { today }) => monthsOn(today, numberOf(n))),
  rule(`(下下|下|這|这|本)?${WEEK}([一二三四五六日天])`, chineseDay),
  rule(`(下下|下)${WEEK}`, ([which], { today }) => ofWeek(today, which === "下下" ? 2 : 1, 1)),
  rule("下(?:個|个)?月底", (_, { today }) => monthEnd(today, 1)),
  rule("(?:這個|这个|本)?月底", (_, { today }) => monthEnd(today, 0)),
  rule(`下(?:個|个)?月(?:(${NUMBER})[日號号])?`, ([d], { today }) => inMonth(today, 1, d === undefined ? 1 : numberOf(d))),
  // Not the number of a house.
  rule(`(?<![路街巷弄段樓楼之\\d])(${NUMBER})[號号](?![樓楼店機机])`, ([d = ""], { today }) => {
    const found = inMonth(today, 0, numberOf(d));
    return found !== null && found >= today ? found : inMonth(today, 1, numberOf(d));
  }),
  rule("\\b(?:the\\s+)?day after tomorrow\\b", on(2)),
  rule("\\b(?:tomorrow|tmrw?)\\b", on(1)),
  rule("\\b(?:today|tonight)\\b", on(0)),
  rule(`\\bin\\s+${COUNT}\\s+(day|week|month)s?\\b`, ([n = "", unit], { today }) => (unit === "month" ? monthsOn(today, numberOf(n)) : addDays(today, numberOf(n) * (unit === "week" ? 7 : 1)))),
  rule("\\bnext week\\b", (_, { today }) => ofWeek(today, 1, 1)),
  rule("\\bnext month\\b", (_, { today }) => inMonth(today, 1, 1)),
  rule("\\b(?:the\\s+)?end of (?:the |this )?month\\b", (_, { today }) => monthEnd(today, 0)),
  rule("\\b(?:on\\s+)?(next\\s+|this\\s+)?(monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thu(?:rs?)?|fri)\\b", englishDay),
  // Names, too, when they stand alone: Sun Moon Lake.
  rule("\\b(on\\s+|next\\s+|this\\s+)(sat|sun)\\b", englishDay),
];

export const DATES: readonly Rule[] = [...WRITTEN, ...SPOKEN];
