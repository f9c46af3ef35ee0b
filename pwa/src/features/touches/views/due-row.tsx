/** One contact that is due: how urgent, whose, why, and a call within one tap. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { IconLink } from "../../../ui/index";
import { CustomerLine, customerOf, customerPath, telLink } from "../../customers/queries";
import type { Due } from "../model";
import { alsoWords, reasonWords, urgencyOf, whenWords } from "../words";

export function DueRow({ due, date, href }: { due: Due; date: string; store: Store; href?: string }): JSX.Element | null {
  const customer = customerOf(due.customerId);
  if (customer === null) return null;
  const { pk, phone, name } = customer;
  return (
    <CustomerLine
      customer={customer}
      urgency={urgencyOf(due, date)}
      href={href ?? customerPath(pk)}
      when={whenWords(due, date)}
      why={[reasonWords(due), alsoWords(due)].filter(Boolean).join(t("list.separator"))}
      state={due.pk === null ? "server" : due.state}
      action={phone !== "" && <IconLink icon="phone" href={telLink(phone)} about={pk} label={t("act.callWhom", { name })} />}
    />
  );
}
