/** What the company asks of each kind of occasion: the catalogue's own setting, or the row that replaced it. The twin of server/features/occasions/rules.py. */
import listed from "../../../../config/catalogs/occasions.json";
import type { Language } from "../../i18n/index";
import type { Row } from "../../store";
import { calendars, type Calendar, type Yearly } from "../../sync/core/occasion";
import { flag, integer, strings, text } from "../../ui/values";
import type { CustomerLight } from "../customers/queries";
import { isChannel, type Channel } from "../touches/queries";

export interface Rule {
  readonly pk: string;
  readonly kind: string;
  readonly name: string;
  /** Null where each person or customer has a day of their own. */
  readonly yearly: Yearly | null;
  readonly leadDays: number;
  readonly channel: Channel;
  readonly tiers: readonly string[];
  readonly tags: readonly string[];
}

/** The rules that are in force. */
export function rulesOf(rows: readonly Row[], language: Language): readonly Rule[] {
  const known = listed as readonly Listed[];
  const chosen = new Map(rows.map((row) => [row.pk, row]));
  const changed = known.filter(({ id, is_active }) => (chosen.has(id) ? flag(chosen.get(id)!.fields, "is_active") : is_active === true)).map((each) => ruleOf(each, chosen.get(each.id), language));
  const own = rows.filter(({ pk, fields }) => flag(fields, "is_active") && !known.some(({ id }) => id === pk));
  return [...changed, ...own.map(ownRule)];
}

/** No tiers and no tags mean every customer; whoever was lost is left alone. */
export function isFor({ tiers, tags }: Rule, { tier, tags: own, stage }: CustomerLight): boolean {
  if (stage === "lost") return false;
  return (tiers.length === 0 && tags.length === 0) || tiers.includes(tier) || tags.some((tag) => own.includes(tag));
}

export const yearlyOf = (calendar: string, month: number | null, day: number | null, shift_days = 0): Yearly => ({
  calendar: calendars.find((each) => each === calendar) ?? "solar", month: month ?? 0, day: day ?? 0, shift_days,
});

interface Listed {
  readonly id: string;
  readonly kind?: string;
  readonly names: Readonly<Record<Language, string>>;
  readonly calendar?: Calendar;
  readonly month?: number;
  readonly day?: number;
  readonly shift_days?: number;
  readonly lead_days: number;
  readonly channel?: Channel;
  readonly tiers?: readonly string[];
  readonly is_active?: boolean;
}

/** An entry leaves out what most have: a festival, greeted by chat, of everybody, and not asked for unless the company says so. */
function ruleOf({ id, kind = "festival", names, calendar, month = 0, day = 0, shift_days, lead_days: leadDays, channel = "chat", tiers = [] }: Listed, row: Row | undefined, language: Language): Rule {
  const yearly = calendar === undefined ? null : yearlyOf(calendar, month, day, shift_days);
  const plain = { pk: id, kind, name: names[language], yearly, leadDays, channel, tiers, tags: [] };
  return row === undefined ? plain : { ...plain, ...settingsOf(row.fields, leadDays) };
}

const ownRule = ({ pk, fields }: Row): Rule => ({
  pk,
  kind: text(fields, "kind"),
  name: text(fields, "name"),
  yearly: yearlyOf(text(fields, "calendar"), integer(fields, "month"), integer(fields, "day"), integer(fields, "shift_days") ?? 0),
  ...settingsOf(fields, 7),
});

function settingsOf(fields: Row["fields"], leadDays: number): Pick<Rule, "leadDays" | "channel" | "tiers" | "tags"> {
  const channel = text(fields, "channel");
  return { leadDays: integer(fields, "lead_days") ?? leadDays, channel: isChannel(channel) ? channel : "call", tiers: strings(fields, "tiers"), tags: strings(fields, "tags") };
}
