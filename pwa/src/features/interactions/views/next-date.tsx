/** When again: tomorrow, soon, the last day that the cadence allows, or any day from the system's own calendar. */
import type { JSX } from "preact";
import { dayOfWeek, daysBetween, shortDate, t } from "../../../i18n/index";
import { Chip, Icon, Pause } from "../../../ui/index";
import { nextDates } from "../../touches/commands";
import { cadenceFor, currentDate } from "../../touches/queries";

interface NextDateProps {
  customerId: string;
  value: string | null;
  change: (part: { nextOn: string | null }) => void;
}

export function NextDate({ customerId, value, change }: NextDateProps): JSX.Element {
  const choose = (nextOn: string | null): void => change({ nextOn });
  const cadence = cadenceFor(customerId);
  const today = currentDate.value;
  const dates = nextDates(today, cadence);
  const isOther = value !== null && !dates.includes(value);
  return (
    <div>
      <p class="lab">
        {t("log.next")}
        {cadence !== null && <><Pause /><em>{t("log.cadence", { channel: t(`channel.${cadence.channel}`), n: cadence.everyDays, date: shortDate(dates.at(-1) ?? today) })}</em></>}
      </p>
      <div class="chips tight">
        <div class="inline" role="radiogroup" aria-label={t("log.next")}>
          {dates.map((date) => (
            <Chip key={date} single on={value === date} onToggle={() => choose(value === date ? null : date)}>
              {words(date, today)}
            </Chip>
          ))}
        </div>
        <DateChip value={isOther ? value : null} min={today} label={isOther && value !== null ? words(value, today) : ""} onChange={choose} />
      </div>
    </div>
  );
}

/** In another year the year is what matters; the weekday would push the chips into a second row. */
function words(date: string, today: string): string {
  if (daysBetween(today, date) === 1) return t("date.tomorrow");
  return date.slice(0, 4) === today.slice(0, 4) ? dayOfWeek(date) : shortDate(date);
}

function DateChip({ value, min, label, onChange }: { value: string | null; min: string; label: string; onChange: (value: string | null) => void }): JSX.Element {
  return (
    <label class={value === null ? "chip sq" : "chip sq on"}>
      <Icon name={value === null ? "cal" : "check"} />
      {label}
      <input
        type="date"
        min={min}
        value={value ?? ""}
        aria-label={t("log.pickDate")}
        onClick={(event) => event.currentTarget.showPicker?.()}
        onChange={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      />
    </label>
  );
}
