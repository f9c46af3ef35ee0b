/** One contact that is due: how urgent, whose, why, and a call within one tap. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { CompanyName, IconLink, Row, SavedMark, Sign, Tier } from "../../../ui/index";
import { customerOf, customerPath, telLink } from "../../customers/queries";
import type { Due } from "../model";
import { alsoWords, reasonWords, urgencyOf, whenWords } from "../words";

export function DueRow({ due, date, href }: { due: Due; date: string; store: Store; href?: string }): JSX.Element | null {
  const customer = customerOf(due.customerId);
  if (customer === null) return null;
  const urgency = urgencyOf(due, date);
  return (
    <Row
      lead={<Sign urgency={urgency} />}
      href={href ?? customerPath(customer.pk)}
      title={
        <>
          <Tier tier={customer.tier} />
          <CompanyName name={customer.name} form={customer.legalForm} />
        </>
      }
      second={
        <>
          <b class={urgency}>{whenWords(due, date)}</b>
          <span>{[reasonWords(due), alsoWords(due)].filter(Boolean).join(t("list.separator"))}</span>
          {due.pk !== null && due.state !== "server" && <SavedMark state={due.state} />}
        </>
      }
      action={customer.phone !== "" && <IconLink icon="phone" href={telLink(customer.phone)} about={customer.pk} label={t("act.callWhom", { name: customer.name })} />}
    />
  );
}
