/** Days of the lunar calendar in words; apart from the other dates, because no first screen needs them. */
import { t } from "./language";

/** 農曆閏六月初十 · lunar 6/10 */
export function lunarWords({ calendar, month, day }: { readonly calendar: string; readonly month: number; readonly day: number }): string {
  const params = { month: t("lunar.months").split(" ")[month - 1] ?? "", day: t("lunar.days").split(" ")[day - 1] ?? "" };
  return t(calendar === "lunar_leap" ? "lunar.leapDate" : "lunar.date", params);
}
