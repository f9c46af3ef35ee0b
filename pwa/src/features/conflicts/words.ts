/** Rows, fields and values of any kind in words, for the cards that ask a person. */
import { day, errorText, maybe, middleDate, moment, money, t } from "../../i18n/index";
import type { Fields } from "../../store";
import { customerOf, customers } from "../customers/queries";
import { personName } from "../people/queries";
import type { Conflict, Parked, Side } from "./model";

/** The field's name on the forms; the name of a group for several fields together. */
export const fieldLabel = (entity: string, name: string): string => knownLabel(entity, name) ?? t("field.other");

const knownLabel = (entity: string, name: string): string | null => maybe(`field.${entity}.${name}`) ?? maybe(`group.${name}`);

export const entityLabel = (entity: string): string => maybe(`entity.${entity}`) ?? t("entity.other");

/** Whose customer's name stands beside it; one who left this device is said to have left. Nothing is claimed before the list is read. */
export function aboutWhom(customerId: string): string {
  if (customerId === "" || customers.value === undefined) return "";
  return customerOf(customerId)?.name ?? t("today.draftOfLeft");
}

/** One value as a person reads it. */
export function valueWords(name: string, value: unknown, siblings: Readonly<Record<string, unknown>> = {}): string {
  if (value === null || value === undefined || value === "") return t("value.empty");
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (Array.isArray(value)) return value.map((each) => valueWords(name, each)).join(t("list.comma"));
  if (name === "credit_limit_minor" && typeof value === "number") return money(value, typeof siblings["credit_currency"] === "string" ? siblings["credit_currency"] : "TWD");
  if (name === "tier") return t("tier.short", { tier: String(value) });
  if (name === "assignee_id" || name === "owner_id") return personName(String(value)) || t("person.unknown");
  if (name === "lat_e7") return pointWords(value, siblings["lon_e7"]);
  if (name.endsWith("_at") && typeof value === "number") return moment(value);
  if (name.endsWith("_on")) return day(String(value), middleDate);
  return maybe(`${kindOf[name] ?? ""}.${String(value)}`) ?? String(value);
}

/** A point on the map in degrees, to about a metre. */
const pointWords = (latE7: unknown, lonE7: unknown): string => [latE7, lonE7].map((e7) => (Number(e7) / 1e7).toFixed(5)).join(", ");

const kindOf: Record<string, string> = {
  channel: "channel", preferred_channel: "channel", purpose: "visitPurpose", outcome: "outcome", state: "touchState", roles: "role", purposes: "purpose", birthday_kind: "calendar", calendar: "calendar",
};

export interface Line {
  /** Empty for a group of one field: the card's title says it. */
  readonly label: string;
  readonly name: string;
  readonly text: string;
}

type Loose = Readonly<Record<string, unknown>>;

const fieldsOf = (side: Side): Loose => (typeof side.value === "object" && side.value !== null ? (side.value as Loose) : {});

/** What a side says, one line a field; of several fields only those in which the sides differ. */
export function sideLines({ entity }: Conflict, side: Side, other: Side): Line[] {
  const [mine, theirs] = [fieldsOf(side), fieldsOf(other)];
  // Both halves of a point are one line.
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].filter((name) => name !== "lon_e7");
  const differing = names.filter((name) => JSON.stringify(mine[name] ?? null) !== JSON.stringify(theirs[name] ?? null));
  const shown = differing.length === 0 ? names : differing;
  return shown.map((name) => ({ name, label: names.length > 1 ? fieldLabel(entity, name) : "", text: valueWords(name, mine[name], mine) }));
}

/** Fields of words, in which two answers can stand beside each other. */
const JOINABLE = new Map([["phone", " / "], ["mobile", " / "], ["hours", " / "], ["decision_process", "\n"], ["buying_habits", "\n"], ["special_conditions", "\n"], ["packaging", "\n"]]);
const LONGEST_LINE = 60;

/** Both answers in one value, `first` first; null where that makes no sense. */
export function bothOf(first: Side, second: Side): Fields | null {
  const [a, b] = [fieldsOf(first), fieldsOf(second)];
  const [name, ...others] = Object.keys({ ...a, ...b });
  const joiner = others.length === 0 ? JOINABLE.get(name ?? "") : undefined;
  if (name === undefined || joiner === undefined || typeof a[name] !== "string" || typeof b[name] !== "string") return null;
  const joined = `${a[name]}${joiner}${b[name]}`;
  return joiner === " / " && joined.length > LONGEST_LINE ? null : { [name]: joined };
}

/** Why something was not taken. A new customer goes to the territory of whoever found them, and is refused to who has none. */
export function reasonWords({ code, params, entity, op }: Parked): string {
  if (code === "forbidden" && entity === "customer" && op === "create") return t("parked.noTerritory");
  return errorText(code, params);
}

interface Item {
  readonly entity: string;
  readonly op: string;
  readonly fields: readonly string[];
}

/** A waiting change in words: what it is about, and which fields. */
export function itemWords({ entity, op, fields }: Item): { title: string; fields: string } {
  const title = maybe(`op.${op}.${entity}`) ?? entityLabel(entity);
  const named = op === "patch" ? [...new Set(fields.flatMap((name) => knownLabel(entity, name) ?? []))] : [];
  return { title, fields: named.slice(0, 4).join(t("list.comma")) };
}
