/** Chooses a colleague who still works here; one who does not is named, so that the choice is understood. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { SelectField } from "../../../ui/index";
import type { Colleague } from "../model";

interface ColleagueFieldProps {
  label: string;
  /** Everybody. */
  people: readonly Colleague[];
  /** Who chooses. */
  me: string;
  value: string;
  onInput: (value: string) => void;
  /** The choice was refused: whoever has left is said to have. */
  isFaulty: boolean;
}

export function ColleagueField({ label, people, me, value, onInput, isFaulty }: ColleagueFieldProps): JSX.Element {
  const able = people.filter(({ isActive }) => isActive);
  const chosen = people.find(({ pk }) => pk === value);
  const error = chosen !== undefined && !chosen.isActive && isFaulty ? t("touch.assigneeGone", { name: chosen.name }) : null;
  const options = [
    ...(able.some(({ pk }) => pk === value) ? [] : [{ value, label: chosen?.name ?? t("touch.chooseAssignee") }]),
    ...able.map(({ pk, name }) => ({ value: pk, label: pk === me ? t("touch.meNamed", { name }) : name })),
  ];
  return <SelectField label={label} value={value} onInput={onInput} error={error} options={options} />;
}
