/** One customer in the list: tier, name, what is due, and when the last contact was. */
import type { JSX } from "preact";
import { dateOf, day, t } from "../../../i18n/index";
import { CompanyName, Row, SavedMark, Tier } from "../../../ui/index";
import { currentDate, DueMark, lastContactAt, nextOf } from "../../touches/queries";
import type { CustomerLight } from "../model";
import { customerPath } from "../queries";

interface CustomerRowProps {
  customer: CustomerLight;
  current: boolean;
  /** The search and the filters, which stay as they are: from 840 px the list stays, too. */
  query: string;
}

export function CustomerRow({ customer, current, query }: CustomerRowProps): JSX.Element {
  const due = nextOf.value?.get(customer.pk);
  const last = lastContactAt(customer);
  return (
    <Row
      lead={<Tier tier={customer.tier} big />}
      href={query === "" ? customerPath(customer.pk) : `${customerPath(customer.pk)}?${query}`}
      current={current}
      title={<CompanyName name={customer.name} form={customer.legalForm} />}
      second={
        <>
          {due === undefined ? <span class="mark quiet">{t("customers.nothingDue")}</span> : <DueMark due={due} today={currentDate.value} />}
          {customer.state !== "server" && <SavedMark state={customer.state} />}
          <span class="last">{last === null ? t("customers.neverMet") : t("customers.last", { day: day(dateOf(last)) })}</span>
        </>
      }
    />
  );
}
