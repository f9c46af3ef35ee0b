/** Sizes and money in the manner of the current language; apart from plain numbers, since the first screen shows neither. */
import { locale, t } from "./language";

/** 214 MB, 1.8 GB: decimal units, as phones show them. */
export function bytes(value: number): string {
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const scaled = value / 1000 ** step;
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: scaled < 10 && step > 0 ? 1 : 0 }).format(scaled)} ${units[step] ?? ""}`;
}

/** 12 公尺, 1.2 公里 */
export function metres(value: number): string {
  const isFar = value >= 1000;
  const n = new Intl.NumberFormat(locale(), { maximumFractionDigits: value < 10_000 ? 1 : 0 }).format(isFar ? value / 1000 : value);
  return t(isFar ? "distance.kilometres" : "distance.metres", { n });
}

/** Minor units and a currency: NT$1,286,000. */
export function money(minor: number, currency: string): string {
  const plain = new Intl.NumberFormat(locale(), { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  const digits = plain.resolvedOptions().maximumFractionDigits ?? 0;
  const amount = minor / 10 ** digits;
  const whole = Number.isInteger(amount) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  const text = new Intl.NumberFormat(locale(), { style: "currency", currency, currencyDisplay: "narrowSymbol", ...whole }).format(amount);
  return currency === "TWD" ? text.replace(/^\$/, "NT$") : text;
}
