/** The team's day: first what cannot wait, then everybody, whoever needs help on top. */
import type { JSX } from "preact";
import { ago, dateOf, longDate, t, timeOf, today } from "../../../i18n/index";
import { status } from "../../../store";
import { Avatar, CompanyName, Empty, Icon, Mark, Row, Screen, Section, Sign, Tier, Top } from "../../../ui/index";
import { customerOf, customerPath } from "../../customers/queries";
import type { Colleague } from "../../people/queries";
import { currentDate, daysLate, reasonWords, type Due } from "../../touches/queries";
import { worst, type RepDay } from "../model";
import { repDayPath, team } from "../queries";
import "./team.css";

const FIRST = 5;

export default function TeamDay(): JSX.Element {
  const days = team.value;
  return (
    <Screen column name="team" head={<Top title={t("team.title")} note={longDate(currentDate.value)} back="/" />}>
      {days !== undefined && days.length === 0 && <Empty icon="cust">{t("team.nobody")}</Empty>}
      {days !== undefined && days.length > 0 && <Whole days={days} />}
      {days === undefined && !status.value.bootstrapped && <Empty icon="dl">{t("team.notDownloaded")}</Empty>}
    </Screen>
  );
}

function Whole({ days }: { days: readonly RepDay[] }): JSX.Element {
  const first = worst(days, (pk) => customerOf(pk)?.tier ?? "", FIRST);
  return (
    <>
      {first.length > 0 && (
        <Section title={t("team.first")}>
          <ul class="group">
            {first.map(({ due, person }) => (
              <li key={due.customerId}><LateRow due={due} person={person} /></li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t("team.everybody")} count={days.length}>
        <ul class="group">
          {days.map((day) => (
            <li key={day.person.pk}><RepRow day={day} /></li>
          ))}
        </ul>
      </Section>
      <p class="cap team-age">{status.value.lastSyncAt === null ? t("age.never") : t("age.at", { time: timeOf(status.value.lastSyncAt), ago: ago(status.value.lastSyncAt) })}</p>
    </>
  );
}

function LateRow({ due, person }: { due: Due; person: Colleague }): JSX.Element | null {
  const customer = customerOf(due.customerId);
  if (customer === null) return null;
  return (
    <Row
      lead={<Sign urgency="late" />}
      href={customerPath(customer.pk)}
      title={<><Tier tier={customer.tier} /><CompanyName name={customer.name} form={customer.legalForm} /></>}
      second={<><b class="late">{t("due.late", { n: daysLate(due, currentDate.value) })}</b><span>{[person.name, reasonWords(due)].join(t("list.separator"))}</span></>}
      action={<Icon name="right" size="s" />}
    />
  );
}

function RepRow({ day: { person, late, today: due, done, lastAt } }: { day: RepDay }): JSX.Element {
  return (
    <Row
      lead={<Avatar name={person.name} />}
      href={repDayPath(person.pk)}
      title={<><b>{person.name}</b>{person.title !== "" && <span class="note">{person.title}</span>}</>}
      second={
        <>
          {late.length > 0 && <Mark urgency="late">{t("team.late", { n: late.length })}</Mark>}
          {due.length > 0 && <Mark urgency="due">{t("team.due", { n: due.length })}</Mark>}
          <span>{[t("team.done", { n: done.length }), lastWords(lastAt)].join(t("list.separator"))}</span>
        </>
      }
      action={<Icon name="right" size="s" />}
    />
  );
}

/** What stands here ends with the last contact that the rep's device could send. */
const lastWords = (at: number | null): string =>
  at === null ? t("team.noContact") : t("team.lastAt", { when: dateOf(at) === today() ? timeOf(at) : ago(at) });
