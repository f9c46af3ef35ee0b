/** One customer in the list: tier, name, what is due, and when the last contact was. */
import type { JSX } from "preact";
import { dateOf, day, t } from "../../../i18n/index";
import { CompanyName, here, Row, SavedMark, Tier } from "../../../ui/index";
import { currentDate, DueMark, lastContactAt, nextOf } from "../../touches/queries";
import type { CustomerLight } from "../model";
import { customerPath } from "../queries";

/** The search and the filters stay as they are: from 840 px the list stays, too. The address may lag behind what is typed, so it is not asked. */
function beside(pk: string): string {
  const query = here.value.query.toString();
  return query === "" ? customerPath(pk) : `${customerPath(pk)}?${query}`;
}

export function CustomerRow({ customer, current }: { customer: CustomerLight; current: boolean }): JSX.Element {
  const due = nextOf.value?.get(customer.pk);
  const last = lastContactAt(customer);
  return (
    <Row
      lead={<Tier tier={customer.tier} big />}
      href={beside(customer.pk)}
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
