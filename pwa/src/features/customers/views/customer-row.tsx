/** One customer in the list: tier, name, what is due, and when the last contact was. */
import type { JSX } from "preact";
import { dateOf, day, t } from "../../../i18n/index";
import { CompanyName, Row, SavedMark, Tier } from "../../../ui/index";
import { currentDate, DueMark, lastContactAt, nextOf, whenOf } from "../../touches/queries";
import type { CustomerLight } from "../model";
import { customerPath } from "../queries";

interface CustomerRowProps {
  customer: CustomerLight;
  current: boolean;
  /** The search and the filters, which stay as they are: from 840 px the list stays, too. */
  query: string;
}

export function CustomerRow({ customer, current, query }: CustomerRowProps): JSX.Element {
  const last = lastContactAt(customer);
  return (
    <Row
      lead={<Tier tier={customer.tier} big />}
      href={query === "" ? customerPath(customer.pk) : `${customerPath(customer.pk)}?${query}`}
      current={current}
      title={<CompanyName name={customer.name} form={customer.legalForm} />}
      second={
        <>
          <Next customer={customer} />
          {customer.state !== "server" && <SavedMark state={customer.state} />}
          <span class="last">{last === null ? t("customers.neverMet") : t("customers.last", { day: day(dateOf(last)) })}</span>
        </>
      }
    />
  );
}

/** What is due; of somebody left alone for a while, until when, unless a contact is planned before. */
function Next({ customer: { pk, pausedUntilOn } }: { customer: CustomerLight }): JSX.Element {
  const due = nextOf.value?.get(pk);
  const today = currentDate.value;
  if (pausedUntilOn > today && (due === undefined || whenOf(due, today) === "later")) return <span class="mark quiet">{t("customers.paused", { day: day(pausedUntilOn) })}</span>;
  return due === undefined ? <span class="mark quiet">{t("customers.nothingDue")}</span> : <DueMark due={due} today={today} />;
}
