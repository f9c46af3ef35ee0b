/** One field of an edit form, as its kind wants it. */
import type { JSX } from "preact";
import { day, dayOfWeek, t, today, type Key } from "../../../i18n/index";
import { CheckField, Chip, NoteField, SelectField, TextField } from "../../../ui/index";
import { useStore } from "../../session/queries";
import { nextDay } from "../../../sync/core/occasion";
import { dayTyped, isOfDay, purposes, type EditedEntity, type FieldDef, type Kind, type Typed } from "../form";
import { roles } from "../model";
import { useContacts, useSites } from "../queries";

interface FormFieldProps {
  entity: EditedEntity;
  customerId: string;
  self: string | null;
  def: FieldDef;
  typed: Typed;
  isWrong: boolean;
  set: (name: string, value: Typed[string]) => void;
}

const inputs: Partial<Record<Kind, { type: "tel" | "email" | "url" | "text" | "date"; inputMode: "tel" | "email" | "url" | "numeric" | "decimal" }>> = {
  tel: { type: "tel", inputMode: "tel" },
  email: { type: "email", inputMode: "email" },
  url: { type: "url", inputMode: "url" },
  date: { type: "date", inputMode: "numeric" },
  days: { type: "text", inputMode: "numeric" },
  integer: { type: "text", inputMode: "numeric" },
  money: { type: "text", inputMode: "decimal" },
};

export function FormField(props: FormFieldProps): JSX.Element {
  const { entity, def, typed, isWrong, set } = props;
  const value = typed[def.name];
  const label = t(`field.${entity}.${def.name}` as Key & `field.${string}`);
  const text = typeof value === "string" ? value : "";
  const onInput = (next: string): void => set(def.name, next);
  const missing = def.required === true && text.trim() === "";
  const wrong = def.kind === "days" ? "edit.days" : isOfDay(entity, def.name) ? "edit.noSuchDay" : "edit.wrong";
  const error = isWrong ? t(missing ? "edit.required" : wrong) : null;
  if (def.kind === "flag") return <CheckField label={label} checked={value === true} onChange={(checked) => set(def.name, checked)} />;
  if (def.kind === "roles") return <Several label={label} all={roles.map((role) => [role, t(`role.${role}`)])} chosen={value} onChange={(next) => set(def.name, next)} />;
  if (def.kind === "purposes") return <Several label={label} all={purposes.map((each) => [each, t(`purpose.${each}`)])} chosen={value} onChange={(next) => set(def.name, next)} />;
  if (def.kind === "choice") return <SelectField label={label} value={text || (def.otherwise ?? "")} onInput={onInput} error={error} options={choicesOf(def)} />;
  if (def.kind === "contact") return <ContactField {...props} label={label} />;
  if (def.kind === "site") return <SiteField {...props} label={label} />;
  if (def.kind === "prose") return <NoteField label={label} value={text} onInput={onInput} error={error} optional />;
  const hint = def.kind === "tags" ? { hint: t("edit.tagsHint") } : def.name === "day" || def.name === "birthday_day" ? nextDayHint(entity, typed) : {};
  return <TextField label={label} value={text} onInput={onInput} error={error} optional={def.required !== true} {...hint} {...inputs[def.kind]} />;
}

/** When the day comes next: who sees that it is right need not convert it. */
function nextDayHint(entity: EditedEntity, typed: Typed): { hint?: string } {
  const yearly = dayTyped(entity, typed);
  const on = yearly === null ? null : nextDay(yearly, today());
  return on === null ? {} : { hint: t("edit.nextDay", { day: day(on, dayOfWeek) }) };
}

const wordsOf: Record<string, (choice: string) => string> = {
  tier: (tier) => t("tier.short", { tier }),
  preferred_channel: (channel) => t(`channel.${channel as "visit"}`),
  birthday_kind: (kind) => t(`calendar.${kind as "solar"}`),
  calendar: (kind) => t(`calendar.${kind as "solar"}`),
  influence: (level) => t(`influence.${level as "1"}`),
};

function choicesOf(def: FieldDef): { value: string; label: string }[] {
  const none = def.otherwise === undefined ? [{ value: "", label: t("edit.none") }] : [];
  return [...none, ...(def.choices ?? []).map((value) => ({ value, label: wordsOf[def.name]?.(value) ?? value }))];
}

function ContactField({ customerId, self, def, typed, set, label }: FormFieldProps & { label: string }): JSX.Element {
  const contacts = useContacts(useStore(), customerId) ?? [];
  const options = contacts.filter(({ pk }) => pk !== self).map(({ pk, name, title }) => ({ value: pk, label: `${name} ${title}`.trim() }));
  return <SelectField label={label} value={String(typed[def.name] ?? "")} onInput={(next) => set(def.name, next)} options={[{ value: "", label: t("edit.none") }, ...options]} />;
}

function SiteField({ customerId, def, typed, set, label }: FormFieldProps & { label: string }): JSX.Element {
  const sites = useSites(useStore(), customerId) ?? [];
  const options = sites.map(({ pk, name, address }) => ({ value: pk, label: name || address || t("site.unnamed") }));
  return <SelectField label={label} value={String(typed[def.name] ?? "")} onInput={(next) => set(def.name, next)} options={[{ value: "", label: t("edit.none") }, ...options]} />;
}

interface SeveralProps {
  label: string;
  all: readonly (readonly [value: string, label: string])[];
  chosen: Typed[string] | undefined;
  onChange: (chosen: readonly string[]) => void;
}

function Several({ label, all, chosen, onChange }: SeveralProps): JSX.Element {
  const now = Array.isArray(chosen) ? (chosen as readonly string[]) : [];
  const toggle = (value: string): void => onChange(now.includes(value) ? now.filter((each) => each !== value) : [...now, value]);
  return (
    <div>
      <p class="lab">{label}</p>
      <div class="chips" role="group" aria-label={label}>
        {all.map(([value, words]) => (
          <Chip key={value} on={now.includes(value)} onToggle={() => toggle(value)}>{words}</Chip>
        ))}
      </div>
    </div>
  );
}
