/** The next best action: the most urgent contact with everything needed to do it now, in thumb reach. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { CompanyName, Dock, Icon, navigate, outward, Tier, type IconName } from "../../../ui/index";
import { callNumber, customerOf, customerPath, mapLink, telLink, useContacts, useSites } from "../../customers/queries";
import { logSheet } from "../../interactions/queries";
import type { Due } from "../model";
import { currentDate } from "../queries";
import { reasonWords, urgencyOf, whenWords } from "../words";

interface Act {
  readonly icon: IconName;
  readonly label: string;
  readonly href?: string;
  readonly onClick?: () => void;
}

export function NextAction({ store, due }: { store: Store; due: Due }): JSX.Element | null {
  const customer = customerOf(due.customerId);
  const contacts = useContacts(store, due.customerId) ?? [];
  const sites = useSites(store, due.customerId) ?? [];
  if (customer === null) return null;
  const number = callNumber(customer.phone, contacts);
  const map = sites.map(mapLink).find((link) => link !== null) ?? null;
  const whom = contacts.find(({ pk }) => pk === due.contactId);
  const acts: Act[] = [
    ...(due.channel === "visit" && map !== null ? [{ icon: "nav" as const, label: t("act.navigate"), href: map }] : []),
    ...(number === "" ? [] : [{ icon: "phone" as const, label: t("act.call"), href: telLink(number) }]),
    { icon: "open", label: t("act.open"), href: customerPath(customer.pk) },
    { icon: "pen", label: t("act.log"), onClick: () => navigate(logSheet({ customerId: customer.pk, touchId: due.pk, channel: due.channel })) },
  ];
  return (
    <Dock label={t("today.next")} first>
      <p class="nextl">
        <b>{t("today.next")}</b>
        <span class={urgencyOf(due, currentDate.value)}>{whenWords(due, currentDate.value)}</span>
        <span class="sp" />
        <span>{t(`channel.${due.channel}`)}</span>
      </p>
      <h2 class="nexth">
        <Tier tier={customer.tier} />
        <CompanyName name={customer.name} form={customer.legalForm} />
      </h2>
      <p class="nextw one">{whom === undefined ? reasonWords(due) : t("today.whom", { name: `${whom.name} ${whom.title}`.trim(), why: reasonWords(due) })}</p>
      <div class="acts">
        {acts.map((act, at) => (
          <ActButton key={act.icon} act={act} primary={at === 0} />
        ))}
      </div>
    </Dock>
  );
}

function ActButton({ act, primary }: { act: Act; primary: boolean }): JSX.Element {
  const look = primary ? "act p" : "act";
  const inside = (
    <>
      <Icon name={act.icon} />
      {act.label}
    </>
  );
  if (act.href !== undefined) return <a class={look} href={act.href} {...outward(act.href)}>{inside}</a>;
  return <button type="button" class={look} onClick={act.onClick}>{inside}</button>;
}
