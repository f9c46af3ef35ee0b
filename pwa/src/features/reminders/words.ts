/** What a notice says: whom it is about, and when. */
import { day, t } from "../../i18n/index";
import { customerOf } from "../customers/queries";
import type { Notice } from "./model";

export function titleOf(notice: Notice): string {
  if (notice.kind === "digest") return t("inbox.digest", { day: day(notice.dueOn) });
  return customerOf(notice.customerId)?.name ?? t("inbox.other");
}

export function secondOf({ kind, due, late, dueOn, dueTime }: Notice): string {
  if (kind === "digest") return [due > 0 && t("inbox.due", { n: due }), late > 0 && t("inbox.late", { n: late })].filter((each) => each !== false).join(t("list.comma"));
  if (dueOn === "") return "";
  return dueTime === "" ? t("inbox.dueOn", { day: day(dueOn) }) : t("inbox.appointment", { moment: t("date.moment", { day: day(dueOn), time: dueTime }) });
}
