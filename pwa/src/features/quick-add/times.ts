/** Times of day as people say them, as `HH:MM`; an hour without a half of the day is one of working hours. */
import { NUMBER, numberOf } from "./numerals";
import { rule, type Rule } from "./rules";

const HALF = "(凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜裡|夜里)?";
const MINUTES = { 半: 30, 一刻: 15, 三刻: 45 } as const;
const BEFORE = "(?:[之以]?前)?";
/** Nobody visits at three in the night: 1 to 6 are of the afternoon. */
const FIRST_MORNING_HOUR = 7;

const pad = (value: number): string => String(value).padStart(2, "0");

/** Null where there is no such time. */
function clock(hour: number, minute: number): string | null {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 ? `${pad(hour)}:${pad(minute)}` : null;
}

type Half = "morning" | "noon" | "afternoon" | "evening" | "night" | null;

function halfOf(word: string | undefined): Half {
  if (word === undefined || word === "") return null;
  if (/^(凌晨|夜)/.test(word)) return "night";
  if (/^(早|清晨|上午|a)/i.test(word)) return "morning";
  if (word === "中午") return "noon";
  return word.startsWith("晚") ? "evening" : "afternoon";
}

function hourOf(hour: number, half: Half): number {
  if (half === null) return hour >= 1 && hour < FIRST_MORNING_HOUR ? hour + 12 : hour;
  if (half === "morning") return hour;
  if (half === "night") return hour === 12 ? 0 : hour;
  if (half === "noon") return hour < 10 ? hour + 12 : hour;
  // Midnight belongs to neither day in people's mouths.
  if (half === "evening" && hour === 12) return Number.NaN;
  return hour < 12 ? hour + 12 : hour;
}

/** English has its halves count from twelve. */
const englishHour = (hour: number, half: string): number => (hour > 12 ? Number.NaN : (hour % 12) + (/^p/i.test(half) ? 12 : 0));

function minuteOf(words: string | undefined): number {
  if (words === undefined || words === "") return 0;
  return words in MINUTES ? MINUTES[words as keyof typeof MINUTES] : numberOf(words);
}

export const TIMES: readonly Rule[] = [
  rule("(?:\\bat\\s+)?(?<!\\d)(\\d{1,2})(?:[:：.](\\d{2}))?\\s*([ap])\\.?m\\b\\.?", ([h = "", m, half = ""]) => clock(englishHour(Number(h), half), Number(m ?? 0))),
  rule(`${HALF}\\s*(?:\\bat\\s+)?(?<!\\d)(\\d{1,2})[:：](\\d{2})(?!\\d)${BEFORE}`, ([half, h = "", m]) => clock(hourOf(Number(h), halfOf(half)), Number(m))),
  rule(`${HALF}\\s*(${NUMBER})\\s*[點点時时](?:鐘|钟|整)?(?:\\s*(半|一刻|三刻|${NUMBER}(?=\\s*分|(?![\\d天日個个家位件點点月號号]))))?(?:\\s*分)?${BEFORE}`, ([half, h = "", m]) => clock(hourOf(numberOf(h), halfOf(half)), minuteOf(m))),
  rule("\\bat\\s+(\\d{1,2})(?:\\s*o'?clock)?\\b(?![:/])", ([h = ""]) => clock(hourOf(Number(h), null), 0)),
  rule("\\b(?:at\\s+)?(?:noon|midday)\\b", () => "12:00"),
  rule("中午", () => "12:00"),
];
