/** By when: today, the next business day, next week, each by the end of business, or any moment. */
import type { JSX } from "preact";
import { day, dayOfWeek, t } from "../../../i18n/index";
import { Chip, Pause, TextField } from "../../../ui/index";
import { hoursOn } from "../../../sync/core/business";
import { useStore } from "../../session/queries";
import { calendarOf, dueChoices, restOf, useCalendar } from "../calendar";
import { byWords } from "../model";
import { wallNow } from "../now";

interface DueChipsProps {
  dueOn: string;
  dueTime: string;
  change: (part: { dueOn: string; dueTime: string }) => void;
}

export function DueChips({ dueOn, dueTime, change }: DueChipsProps): JSX.Element {
  const known = useCalendar(useStore());
  const calendar = calendarOf(known?.row);
  const choices = known === undefined ? [] : dueChoices(calendar, wallNow.value);
  const isRest = known !== undefined && dueOn !== "" && hoursOn(calendar, dueOn) === null;
  return (
    <div>
      <p class="lab">
        {t("group.due")}
        {dueOn !== "" && <><Pause /><em>{byWords({ dueOn, dueTime })}</em></>}
      </p>
      <div class="chips tight" role="radiogroup" aria-label={t("group.due")}>
        {choices.map(({ due_on: on, due_time: time }) => (
          <Chip key={on} single on={on === dueOn && (time ?? "") === dueTime} onToggle={() => change({ dueOn: on, dueTime: time ?? "" })}>
            {day(on, dayOfWeek)}
          </Chip>
        ))}
      </div>
      <div class="pair">
        <TextField type="date" label={t("field.promise.due_on")} value={dueOn} onInput={(on) => change({ dueOn: on, dueTime })} {...(isRest ? { hint: restWords(restOf(known.row, dueOn)) } : {})} />
        <TextField type="time" label={t("touch.time")} optional value={dueTime} onInput={(time) => change({ dueOn, dueTime: time })} />
      </div>
    </div>
  );
}

const restWords = (name: string): string => (name === "" ? t("promise.closed") : t("promise.holiday", { name }));
