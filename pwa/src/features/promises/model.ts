/** What a customer was promised, and whether it is late. */
import type { Row } from "../../store";
import { daysBetween, day, t } from "../../i18n/index";
import { minutesLate } from "../../sync/core/lateness";
import { integer, text } from "../../ui/values";

export type Standing = "open" | "kept" | "dropped";

export interface Promised {
  readonly pk: string;
  readonly customerId: string;
  readonly what: string;
  readonly ownerId: string;
  readonly dueOn: string;
  /** "" when the whole day is meant. */
  readonly dueTime: string;
  readonly standing: Standing;
  readonly promisedAt: number | null;
  readonly closedAt: number | null;
  readonly note: string;
  /** Who promised it; "" while only this device knows of it. */
  readonly personId: string;
  readonly state: Row["state"];
}

export const promisedOf = ({ pk, fields, state }: Row): Promised => ({
  pk,
  customerId: text(fields, "customer_id"),
  what: text(fields, "what"),
  ownerId: text(fields, "owner_id"),
  dueOn: text(fields, "due_on"),
  dueTime: text(fields, "due_time"),
  standing: text(fields, "state") as Standing,
  promisedAt: integer(fields, "promised_at") ?? integer(fields, "created_at"),
  closedAt: integer(fields, "closed_at"),
  note: text(fields, "closing_note"),
  personId: text(fields, "person_id"),
  state,
});

/** A wall time of the company's zone, to the minute. */
export interface Now {
  readonly on: string;
  readonly time: string;
}

type Due = Pick<Promised, "dueOn" | "dueTime">;

/** Minutes past its due moment, 0 while there is time. */
export const lateness = ({ dueOn, dueTime }: Due, { on, time }: Now): number => minutesLate({ due_on: dueOn, due_time: dueTime || null }, on, time);

/** In days to come until which Today shows what is due: over a weekend. */
const SOON_DAYS = 3;

/** The same words as for contacts: late, today, soon, later. */
export function whenDue(due: Due, now: Now): "late" | "today" | "soon" | "later" {
  if (lateness(due, now) > 0) return "late";
  const ahead = daysBetween(now.on, due.dueOn);
  return ahead === 0 ? "today" : ahead <= SOON_DAYS ? "soon" : "later";
}

/** 今天 18:00 前 · 最晚 11/24 */
export function byWords({ dueOn, dueTime }: Due): string {
  const on = day(dueOn);
  return dueTime === "" ? t("due.by", { day: on }) : t("promise.by", { moment: t("date.moment", { day: on, time: dueTime }) });
}

/** 逾期 3 天 · 逾期 2 小時 · 過了 18:00 · 今天 18:00 前 */
export function dueWords(due: Due, now: Now): string {
  const late = lateness(due, now);
  if (late === 0) return byWords(due);
  const days = daysBetween(due.dueOn, now.on);
  if (days > 0) return t("due.late", { n: days });
  return late < 60 ? t("promise.past", { time: due.dueTime }) : t("promise.lateHours", { n: Math.floor(late / 60) });
}

/** The earliest due first; what is due at some time of a day before what the whole day is left for. */
export const byDue = (a: Promised, b: Promised): number => (momentOf(a) < momentOf(b) ? -1 : 1);

const momentOf = ({ dueOn, dueTime, pk }: Promised): string => `${dueOn} ${dueTime || "24:00"} ${pk}`;
