/** One rep's day, as their manager sees it: exactly what the rep sees on their own Today, and what they did. */
import type { JSX } from "preact";
import { t, timeOf } from "../../../i18n/index";
import { CompanyName, Empty, Icon, Row, Screen, Section, Tier, Top } from "../../../ui/index";
import { customerPath, type CustomerLight } from "../../customers/queries";
import { useStore } from "../../session/queries";
import { currentDate, DueRow, type Due } from "../../touches/queries";
import { team, teamPath } from "../queries";

export default function RepDayScreen({ pk }: { pk: string }): JSX.Element {
  const day = team.value?.find(({ person }) => person.pk === pk);
  return (
    <Screen column name={`team ${pk}`} head={<Top title={day?.person.name ?? ""} back={teamPath} />}>
      {team.value !== undefined && day === undefined && <Empty icon="cust">{t("team.notYours")}</Empty>}
      {day !== undefined && (
        <>
          <Dues title={t("today.late")} dues={day.late} />
          <Dues title={t("today.today")} dues={day.today} />
          {day.done.length > 0 && (
            <Section title={t("team.doneToday")} count={day.done.length}>
              <ul class="group">
                {day.done.map((customer) => <li key={customer.pk}><DoneRow customer={customer} /></li>)}
              </ul>
            </Section>
          )}
          {day.late.length + day.today.length + day.done.length === 0 && <Empty icon="done">{t("team.quiet")}</Empty>}
        </>
      )}
    </Screen>
  );
}

function Dues({ title, dues }: { title: string; dues: readonly Due[] }): JSX.Element | null {
  const store = useStore();
  if (dues.length === 0) return null;
  return (
    <Section title={title} count={dues.length}>
      <ul class="group">
        {dues.map((due) => <li key={due.customerId}><DueRow due={due} date={currentDate.value} store={store} /></li>)}
      </ul>
    </Section>
  );
}

function DoneRow({ customer }: { customer: CustomerLight }): JSX.Element {
  return (
    <Row
      lead={<Icon name="check" />}
      href={customerPath(customer.pk)}
      title={<><Tier tier={customer.tier} /><CompanyName name={customer.name} form={customer.legalForm} /></>}
      second={customer.lastContactAt === null ? undefined : timeOf(customer.lastContactAt)}
      action={<Icon name="right" size="s" />}
    />
  );
}
