/** Which fields a person may edit on a customer, a contact and a site, of what kind each is, and how typed words become values. */
import type { Fields } from "../../store";
import { CHANNELS as channelsByStrength } from "../../sync/core/cadence";
import { calendars, exists, type Yearly } from "../../sync/core/occasion";
import type { Json } from "../../sync/core/canonical";

export type Kind = "line" | "tel" | "email" | "url" | "prose" | "tags" | "roles" | "purposes" | "flag" | "integer" | "days" | "date" | "money" | "choice" | "contact" | "site";

export interface FieldDef {
  readonly name: string;
  readonly kind: Kind;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** What stands there when nothing is chosen. */
  readonly otherwise?: string;
}

export type EditedEntity = "customer" | "contact" | "site" | "anniversary";

/** Five years; the server refuses more. */
const LONGEST_DAYS = 1830;

const line = (name: string): FieldDef => ({ name, kind: "line" });
const prose = (name: string): FieldDef => ({ name, kind: "prose" });

export const tiers = ["A", "B", "C", "D"] as const;
export const channelChoices = ["visit", "call", "email", "chat"] as const;
export const purposes = ["visiting", "billing", "delivery"] as const;

/** Groups are shown together, the ones changed most often first. */
export const forms = {
  customer: [
    [{ name: "name", kind: "line", required: true }, line("legal_form"), { name: "tier", kind: "choice", choices: tiers }, { name: "phone", kind: "tel" }, { name: "tags", kind: "tags" }, prose("notes")],
    [prose("briefing"), line("briefing_source"), prose("decision_process"), prose("buying_habits"), prose("competitors")],
    [line("payment_terms"), { name: "credit_limit_minor", kind: "money" }, line("credit_currency"), prose("special_conditions"), prose("packaging")],
    [{ name: "paused_until_on", kind: "date" }, line("pause_reason"), ...channelsByStrength.map((channel) => ({ name: `${channel}_every_days`, kind: "days" as const }))],
    [{ name: "website", kind: "url" }, line("industry"), line("tax_id"), line("code")],
  ],
  contact: [
    [{ name: "name", kind: "line", required: true }, line("title"), line("department"), { name: "roles", kind: "roles" }, { name: "is_met", kind: "flag" }],
    [{ name: "mobile", kind: "tel" }, { name: "phone", kind: "tel" }, { name: "email", kind: "email" }, line("line_id"), { name: "preferred_channel", kind: "choice", choices: channelChoices }, line("preferred_hours")],
    [{ name: "influence", kind: "choice", choices: ["1", "2", "3", "4", "5"] }, { name: "reports_to_id", kind: "contact" }, { name: "site_id", kind: "site" }, { name: "materials", kind: "tags" }],
    [{ name: "birthday_kind", kind: "choice", choices: calendars }, { name: "birthday_month", kind: "integer" }, { name: "birthday_day", kind: "integer" }, { name: "birthday_year", kind: "integer" }, prose("notes")],
  ],
  site: [
    [line("name"), { name: "purposes", kind: "purposes" }, line("city"), line("district"), line("address"), line("postal_code"), line("country")],
    [line("hours"), { name: "phone", kind: "tel" }, prose("notes")],
  ],
  anniversary: [
    [{ name: "label", kind: "line", required: true }, { name: "contact_id", kind: "contact" }],
    [{ name: "calendar", kind: "choice", choices: calendars, otherwise: "solar" }, { name: "month", kind: "integer", required: true }, { name: "day", kind: "integer", required: true }, { name: "year", kind: "integer" }],
  ],
} as const satisfies Record<EditedEntity, readonly (readonly FieldDef[])[]>;

export type Typed = Readonly<Record<string, string | boolean | readonly string[]>>;

const defsOf = (entity: EditedEntity): readonly FieldDef[] => forms[entity].flat();

/** The row's values as a form shows them. */
export function typedOf(entity: EditedEntity, fields: Fields): Typed {
  return Object.fromEntries(defsOf(entity).map((def) => [def.name, shown(def, fields)]));
}

function shown(def: FieldDef, fields: Fields): string | boolean | readonly string[] {
  const value = fields[def.name];
  if (def.kind === "flag") return value === true;
  if (def.kind === "tags") return Array.isArray(value) ? value.join(", ") : "";
  if (def.kind === "roles" || def.kind === "purposes") return Array.isArray(value) ? value.map(String) : [];
  if (def.kind === "money") return typeof value === "number" ? String(value / 10 ** digitsOf(fields["credit_currency"])) : "";
  return value === null || value === undefined ? "" : String(value);
}

/** The values wanted, for the store to compare with what was there when editing began; an empty box means null. */
export function wantedOf(entity: EditedEntity, typed: Typed): Fields {
  const values: Record<string, Json> = Object.fromEntries(defsOf(entity).map((def) => [def.name, wanted(def, typed)]));
  // An amount without its currency would be read as another sum elsewhere.
  if (typeof values["credit_limit_minor"] === "number") values["credit_currency"] ??= "TWD";
  return values;
}

function wanted(def: FieldDef, typed: Typed): Json {
  const value = typed[def.name];
  if (typeof value === "boolean") return value;
  if (Array.isArray(value)) return [...value].sort();
  const text = String(value ?? "").trim();
  if (def.kind === "tags") return [...new Set(text.split(/[,，、;；\n]/).map((each) => each.trim()).filter((each) => each !== ""))].sort();
  if (text === "") return def.otherwise ?? null;
  if (def.kind === "money") return Math.round(Number(text.replace(/,/g, "")) * 10 ** digitsOf(typed["credit_currency"]));
  return def.kind === "integer" || def.kind === "days" || def.name === "influence" ? Number(text) : def.kind === "prose" ? String(value) : text;
}

function digitsOf(currency: unknown): number {
  const code = typeof currency === "string" && /^[A-Za-z]{3}$/.test(currency) ? currency : "TWD";
  return new Intl.NumberFormat("en", { style: "currency", currency: code }).resolvedOptions().maximumFractionDigits ?? 0;
}

/** Names of fields that cannot be saved as typed. */
export function faults(entity: EditedEntity, typed: Typed): string[] {
  const wrong = defsOf(entity).filter((def) => isFault(def, typed)).map(({ name }) => name);
  return [...wrong, ...wrongDay(entity, wantedOf(entity, typed)).filter((name) => !wrong.includes(name))];
}

const DAYS: Partial<Record<EditedEntity, readonly [calendar: string, month: string, day: string, year: string]>> = {
  contact: ["birthday_kind", "birthday_month", "birthday_day", "birthday_year"],
  anniversary: ["calendar", "month", "day", "year"],
};

/** The yearly day that a form speaks of; null while its month or day is missing. */
export function dayTyped(entity: EditedEntity, typed: Typed): Yearly | null {
  const [names, values] = [DAYS[entity], wantedOf(entity, typed)];
  return names === undefined ? null : yearlyIn(names, values);
}

function yearlyIn([calendar, month, day]: readonly [string, string, string, string], values: Fields): Yearly | null {
  const [known, m, d] = [calendars.find((each) => each === values[calendar]), values[month], values[day]];
  return typeof m === "number" && typeof d === "number" ? { calendar: known ?? "solar", month: m, day: d, shift_days: 0 } : null;
}

/** Which part of a yearly day cannot be, as server/shared/yearly.py tells it: what no year has must not wait for the office to say so. */
function wrongDay(entity: EditedEntity, values: Fields): string[] {
  const names = DAYS[entity];
  const yearly = names === undefined ? null : yearlyIn(names, values);
  if (names === undefined || yearly === null) return [];
  const [calendar, month, day, year] = names;
  if (yearly.month < 1 || yearly.month > 12) return [month];
  if (!exists({ ...yearly, day: 1 })) return [calendar];
  if (!exists(yearly)) return [day];
  const born = values[year];
  return typeof born === "number" && !exists(yearly, born) ? [year] : [];
}

/** Whether what is wrong with a field is that there is no such day. */
export const isOfDay = (entity: EditedEntity, name: string): boolean => DAYS[entity]?.includes(name) ?? false;

function isFault(def: FieldDef, typed: Typed): boolean {
  const value = wanted(def, typed);
  if (def.required === true && value === null) return true;
  if (def.kind === "days" && value !== null) return !(Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_DAYS);
  if (typeof value === "number") return !Number.isSafeInteger(value) || value < 0;
  return def.name === "credit_currency" && value !== null && !/^[A-Z]{3}$/.test(String(value));
}
