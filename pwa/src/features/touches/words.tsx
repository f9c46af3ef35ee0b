/** Says when and why a contact is due: late, today, soon, and the reason in words. */
import type { JSX } from "preact";
import { day, list, t } from "../../i18n/index";
import { covers } from "../../sync/core/cadence";
import { Mark, type Urgency } from "../../ui/index";
import { daysLate, whenOf, type Due, type Reason, type When } from "./model";

const urgencies: Record<When, Urgency> = { late: "late", today: "due", soon: "quiet", later: "quiet" };

export const urgencyOf = (due: Due, today: string): Urgency => urgencies[whenOf(due, today)];

/** 逾期 3 天 · 今天 10:30 · 最晚 11/24 */
export function whenWords(due: Due, today: string): string {
  const when = whenOf(due, today);
  if (when === "late") return t("due.late", { n: daysLate(due, today) });
  if (when === "today") return due.time === "" ? t("date.today") : t("date.moment", { day: t("date.today"), time: due.time });
  return when === "soon" ? t("due.by", { day: day(due.toOn) }) : day(due.fromOn);
}

/** 最晚 11/24 拜訪 */
export const dueWords = (due: Due, today: string): string => t("due.how", { when: whenWords(due, today), channel: t(`channel.${due.channel}`) });

/** The touch's own reason, else that of what asks for it: 「A 級每月拜訪」. */
export function reasonWords(due: Due): string {
  if (due.why !== "") return due.why;
  return due.reason === null ? t("due.planned", { channel: t(`channel.${due.channel}`) }) : sayReason(due.reason);
}

/** One sentence for each kind of producer. */
const reasons: { readonly [Kind in Reason["kind"]]: (reason: Extract<Reason, { kind: Kind }>) => string } = {
  cadence: ({ name, channel, everyDays, isOwn }) =>
    name === "" || isOwn ? t(isOwn ? "due.own" : "due.cadence", { n: everyDays, channel: t(`channel.${channel}`) }) : name,
  occasion: ({ words }) => words,
};

const sayReason = <Kind extends Reason["kind"]>(reason: Extract<Reason, { kind: Kind }>): string => reasons[reason.kind as Kind](reason);

/** What else is due by now: a weaker channel is settled by the same contact, a stronger one would settle it. */
export function alsoWords({ channel, also = [] }: Due): string {
  if (also.length === 0) return "";
  const settled = also.filter((one) => covers(channel, one));
  const names = (settled.length > 0 ? settled : also).map((one) => t(`channel.${one}`));
  return t(settled.length > 0 ? "due.covers" : "due.rather", { channels: list(names) });
}

/** Sign and word for a list: ● 逾期 3 天, ◐ 今天 10:30 拜訪, ○ 11/24 通話 */
export function DueMark({ due, today }: { due: Due; today: string }): JSX.Element {
  const words = whenOf(due, today) === "late" ? whenWords : dueWords;
  return <Mark urgency={urgencyOf(due, today)}>{words(due, today)}</Mark>;
}
