/** Whom the log is about, with the arrival: its time, its one point, and how exact that is. */
import type { JSX } from "preact";
import { t, timeOf } from "../../../i18n/index";
import { Btn, CompanyName, Icon, navigate, Tier } from "../../../ui/index";
import { customerOf } from "../../customers/queries";
import { useStore } from "../../session/queries";
import type { CheckIn, LogForm } from "../model";
import { logSheet } from "../queries";
import { placeWords } from "../place-words";
import { arrive } from "../use-log-form";

interface LogHeadProps {
  customerId: string;
  /** As it was last known here: a customer may leave while their log is typed. */
  name: string;
  checkIn: CheckIn | null;
  change: (part: Partial<LogForm>) => void;
}

export function LogHead({ customerId, name, checkIn, change }: LogHeadProps): JSX.Element {
  const store = useStore();
  const customer = customerOf(customerId);
  if (customer === null) return <p class="nexth"><CompanyName name={name || t("today.draftOfLeft")} /></p>;
  return (
    <div>
      <button type="button" class="cust" onClick={() => navigate(logSheet(), { replace: true })}>
        <Tier tier={customer.tier} />
        <span class="tx">
          <span><CompanyName name={customer.name} form={customer.legalForm} /></span>
          {checkIn !== null && (
            <span class="cap">
              <Icon name="pin" size="xs" />
              {arrival(checkIn)}
            </span>
          )}
        </span>
        <span class="note">{t("log.change")}</span>
        <Icon name="down" size="s" />
      </button>
      {checkIn === null && (
        <Btn look="text" icon="pin" onClick={() => void arrive(store, customerId, change)}>{t("log.checkIn")}</Btn>
      )}
    </div>
  );
}

function arrival(checkIn: CheckIn): string {
  const stayed = Math.floor((Date.now() - checkIn.at) / 60_000);
  const place = checkIn.missing === null ? placeWords(checkIn) : t(`place.${checkIn.missing}`);
  return [t("log.arrived", { time: timeOf(checkIn.at), n: stayed }), place].join(t("list.separator"));
}
