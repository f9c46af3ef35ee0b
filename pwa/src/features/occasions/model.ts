/** Days that are kept with single customers, and those that many share: when each is to be acted on, and in which words. */
import { dayIn, nextDay, occasionWindow, askedDay, type Yearly } from "../../sync/core/occasion";
import { t } from "../../i18n/index";
import { lunarWords } from "../../i18n/lunar";
import type { Due } from "../touches/queries";
import type { Rule } from "./rules";

/** A day of one contact or customer. */
export interface OwnDay {
  /** The row that holds it. */
  readonly source: string;
  readonly customerId: string;
  readonly contactId: string;
  readonly kind: "birthday" | "anniversary";
  /** Whose birthday, or which anniversary. */
  readonly label: string;
  readonly yearly: Yearly;
  /** The first time, in its own calendar. */
  readonly year: number | null;
}

/** Works out a day once for all who share it, for one date. */
export function daysFrom(date: string, find: (yearly: Yearly, date: string) => string | null = askedDay): (yearly: Yearly) => string | null {
  const known = new Map<string, string | null>();
  return (yearly) => {
    const key = `${yearly.calendar} ${yearly.month} ${yearly.day} ${yearly.shift_days}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const on = find(yearly, date);
    known.set(key, on);
    return on;
  };
}

/** 王建宏生日 · 創立紀念日 30 週年 */
export function wordsOf({ kind, label, yearly, year }: OwnDay, on: string): string {
  if (kind === "birthday") return t("occasion.birthday", { name: label });
  const years = year === null ? 0 : yearsAt(yearly, year, on);
  return years > 0 ? t("occasion.years", { label, n: years }) : label;
}

/** 農曆十月十九, "" for a day of the solar calendar. */
const lunarOf = ({ yearly }: OwnDay): string => (yearly.calendar === "solar" ? "" : lunarWords(yearly));

/** How often it has come round by then. */
function yearsAt(yearly: Yearly, first: number, on: string): number {
  const year = Number(on.slice(0, 4));
  // The last weeks of a lunar year lie in the solar year after it.
  return [year, year - 1].map((each) => (dayIn(yearly, each) === on ? each - first : 0)).find((years) => years > 0) ?? 0;
}

/** The contact that a day asks for; null before its window. */
export const dueOf = (day: OwnDay, rule: Rule, on: string, date: string): Due | null => dueBy({ ...day, words: wordsOf(day, on), group: "" }, rule, on, date);

/** The same of a day that many customers share; whose it is, is filled in later. */
export const dueOfFestival = (rule: Rule, on: string, date: string): Due | null =>
  dueBy({ source: rule.pk, customerId: "", contactId: "", words: rule.name, group: rule.pk }, rule, on, date);

interface Asking {
  readonly source: string;
  readonly customerId: string;
  readonly contactId: string;
  readonly words: string;
  readonly group: string;
}

function dueBy({ source, customerId, contactId, words, group }: Asking, { leadDays, channel }: Rule, on: string, date: string): Due | null {
  const { due_from_on: fromOn, due_to_on: toOn } = occasionWindow(on, leadDays);
  if (fromOn > date) return null;
  return {
    ...{ pk: null, customerId, channel, fromOn, toOn, time: "", why: "", assigneeId: "", contactId, state: "server" },
    reason: { kind: "occasion", words, on, group },
    ask: { source, on, fields: { why: words } },
  };
}

export interface Coming extends OwnDay {
  readonly on: string;
  readonly words: string;
  readonly lunar: string;
}

/** The days of one customer that come next, the nearest first; what no year has is left out. */
export function comingOf(days: readonly OwnDay[], date: string): readonly Coming[] {
  const coming = days.flatMap((day) => {
    const on = nextDay(day.yearly, date);
    return on === null ? [] : [{ ...day, on, words: wordsOf(day, on), lunar: lunarOf(day) }];
  });
  return coming.sort((a, b) => (a.on < b.on ? -1 : 1));
}
