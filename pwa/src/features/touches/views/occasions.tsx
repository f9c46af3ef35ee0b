/** On Today: birthdays and other days of single customers, and in one row each day that many customers share. */
import type { JSX } from "preact";
import { day, t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { Icon, Row, Section } from "../../../ui/index";
import type { Due, Group } from "../model";
import { occasionsPath, touchSheet } from "../sheets";
import { touchIdOf } from "../queries";
import { DueRow } from "./due-row";

interface OccasionsProps {
  readonly dues: readonly Due[];
  readonly groups: readonly Group[];
  readonly date: string;
  readonly store: Store;
}

const SHOWN = 5;

export function Occasions({ dues, groups, date, store }: OccasionsProps): JSX.Element | null {
  if (dues.length + groups.length === 0) return null;
  return (
    <Section title={t("today.occasions")} count={dues.length + groups.length}>
      <ul class="group">
        {groups.map(({ id, words, on, count }) => (
          <li key={id}>
            <Row lead={<Icon name="cal" />} href={`${occasionsPath}?of=${id}`} title={words} second={t("today.greet", { day: day(on), n: count })} action={<Icon name="right" size="s" />} />
          </li>
        ))}
        {dues.slice(0, SHOWN).map((due) => (
          <li key={touchIdOf(due)}>
            <DueRow due={due} date={date} store={store} href={touchSheet(due.customerId, touchIdOf(due))} />
          </li>
        ))}
      </ul>
      {dues.length > SHOWN && <p class="more"><a class="btn text" href={occasionsPath}>{t("today.allOccasions", { n: dues.length })}</a></p>}
    </Section>
  );
}
