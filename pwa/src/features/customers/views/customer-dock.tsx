/** In thumb reach of a customer: begin the visit, call, chat, find the way. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Row } from "../../../store";
import { Btn, Dock, IconLink, navigate } from "../../../ui/index";
import { text } from "../../../ui/values";
import { logSheet } from "../../interactions/queries";
import { nextOf } from "../../touches/queries";
import { callNumber, lineLink, mapLink, telLink, type Contact, type Site } from "../model";

export function CustomerDock({ row, contacts, sites }: { row: Row; contacts: readonly Contact[]; sites: readonly Site[] }): JSX.Element {
  const name = text(row.fields, "name");
  const number = callNumber(text(row.fields, "phone"), contacts);
  const line = contacts.find(({ lineId }) => lineId !== "");
  const map = sites.map(mapLink).find((link) => link !== null) ?? null;
  const touch = nextOf.value?.get(row.pk)?.pk ?? null;
  return (
    <Dock label={t("customer.dock")} flat>
      <Btn look="primary" icon="pin" onClick={() => navigate(logSheet({ customerId: row.pk, touchId: touch, channel: "visit", checkIn: true }))}>
        {t("customer.arrived")}
      </Btn>
      {number !== "" && <IconLink tall icon="phone" href={telLink(number)} about={row.pk} label={t("act.callWhom", { name })} />}
      {line !== undefined && <IconLink tall icon="chat" href={lineLink(line.lineId)} about={`${row.pk}/${line.pk}`} label={t("act.lineWhom", { name: line.name })} />}
      {map !== null && <IconLink tall icon="nav" href={map} label={t("act.navigateTo", { name })} />}
    </Dock>
  );
}
