/** After a call, a mail or a chat that was begun here: one tap logs it, one says that there is nothing to log. */
import type { JSX } from "preact";
import { t, timeOf } from "../../../i18n/index";
import { Banner, Btn, hasSheet, IconBtn, navigate } from "../../../ui/index";
import { channelIcons } from "../channels";
import { customerOf } from "../../customers/queries";
import { useStore } from "../../session/queries";
import { dropOffer } from "../offer";
import { offered } from "../offered";
import { logSheet } from "../queries";
import "./log-offer.css";

export default function LogOffer(): JSX.Element | null {
  const store = useStore();
  const offer = offered.value;
  const customer = offer === null ? null : customerOf(offer.customerId);
  if (offer === null || customer === null || hasSheet.value) return null;
  const { customerId, contactId, channel, at } = offer;
  const log = (): void => navigate(logSheet({ customerId, contactId, channel, beganAt: at }));
  return (
    <Banner
      icon={channelIcons[channel]}
      action={
        <span class="offer-acts">
          <Btn onClick={log}>{t("offer.log")}</Btn>
          <IconBtn icon="x" label={t("offer.nothing")} onClick={() => void dropOffer(store)} />
        </span>
      }
    >
      {t("offer.asked", { time: timeOf(at), channel: t(`channel.${channel}`), name: customer.name })}
    </Banner>
  );
}
