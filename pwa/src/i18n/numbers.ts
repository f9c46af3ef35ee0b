/** Numbers and lists in the manner of the current language. */
import { locale, t } from "./language";

export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** 甲、乙、丙 */
export function list(items: readonly string[]): string {
  return items.join(t("list.comma"));
}
