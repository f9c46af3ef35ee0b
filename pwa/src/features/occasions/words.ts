/** Says what became of a day that is kept: who acted and when, or who will. */
import { dateOf, day, t, today } from "../../i18n/index";
import type { Row } from "../../store";
import { integer, text } from "../../ui/values";
import { personName } from "../people/queries";

/** 林佳穎 11/20 已致意 */
export function actedWords({ fields }: Row): string {
  const at = integer(fields, "created_at");
  const name = personName(text(fields, "assignee_id")) || t("person.unknown");
  const params = { name, day: day(at === null ? today() : dateOf(at)) };
  const state = text(fields, "state");
  if (state === "open") return t("occasion.willDo", { name });
  return state === "done" ? t("occasion.done", params) : t("occasion.skipped", params);
}

/** 今天 · 還有 5 天 · 2 天前 */
export const awayWords = (days: number): string => (days === 0 ? t("date.today") : days > 0 ? t("occasion.inDays", { n: days }) : t("date.daysAgo", { n: -days }));

export const isOver = (touch: Row | null): boolean => touch !== null && text(touch.fields, "state") !== "open";
