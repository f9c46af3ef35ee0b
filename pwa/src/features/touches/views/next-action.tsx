/** The next best action: the most urgent contact with everything needed to do it now, in thumb reach. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { CompanyName, Dock, Icon, navigate, outward, Tier, type IconName } from "../../../ui/index";
import { customerOf, customerPath, useContacts, useSites } from "../../customers/queries";
import { logSheet } from "../../interactions/queries";
import type { Channel, Due } from "../model";
import { currentDate } from "../queries";
import { phoneWay, plannedWay, type Way } from "../ways";
import { reasonWords, urgencyOf, whenWords } from "../words";

interface Act {
  readonly icon: IconName;
  readonly label: string;
  readonly href?: string;
  readonly onClick?: () => void;
}

const icons: Record<Channel, IconName> = { visit: "nav", call: "phone", chat: "chat", email: "mail" };

const actOf = ({ channel, ...way }: Way | { channel: Channel }): Act => ({ icon: icons[channel], label: t(`act.${channel}`), ...way });

/** The planned channel's way is the first act; where it is not known, the customer, who may tell another. */
export function NextAction({ store, due }: { store: Store; due: Due }): JSX.Element | null {
  const customer = customerOf(due.customerId);
  const contacts = useContacts(store, due.customerId);
  const sites = useSites(store, due.customerId);
  if (customer === null) return null;
  const whom = contacts?.find(({ pk }) => pk === due.contactId);
  const known = { phone: customer.phone, contacts, sites };
  const planned = plannedWay(due, known);
  const phone = phoneWay(due, known);
  const open: Act = { icon: "open", label: t("act.open"), href: customerPath(customer.pk) };
  const log: Act = { icon: "pen", label: t("act.log"), onClick: () => navigate(logSheet({ customerId: customer.pk, touchId: due.pk, channel: due.channel })) };
  // Until it is read, the place of the planned way is kept: a finger on its way must not meet another act there.
  const call = phone === null || due.channel === "call" ? [] : [actOf(phone)];
  const acts = planned === null ? [open, ...call, log] : [actOf(planned ?? { channel: due.channel }), ...call, open, log];
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
          <ActButton key={act.icon} act={act} about={`${customer.pk}/${due.contactId}`} primary={at === 0} />
        ))}
      </div>
    </Dock>
  );
}

function ActButton({ act, about, primary }: { act: Act; about: string; primary: boolean }): JSX.Element {
  const look = primary ? "act p" : "act";
  const inside = (
    <>
      <Icon name={act.icon} />
      {act.label}
    </>
  );
  if (act.href !== undefined) return <a class={look} href={act.href} data-about={about} {...outward(act.href)}>{inside}</a>;
  return <button type="button" class={look} onClick={act.onClick}>{inside}</button>;
}
