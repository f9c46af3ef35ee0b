/** The log button was tapped anywhere: first asks whom it is about, the most likely ones on top. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../../i18n/index";
import { closeSheet, CompanyName, Empty, navigate, Row, Sheet, TextField, Tier } from "../../../ui/index";
import { findCustomers, prepareSearch } from "../../customers/queries";
import { myDues } from "../../touches/queries";
import { logSheet } from "../queries";

const SHOWN = 12;

export function PickCustomer(): JSX.Element {
  const [query, type] = useState("");
  useEffect(prepareSearch, []);
  const likely = (myDues.value ?? []).map(({ customerId }) => customerId);
  const found = findCustomers(query, likely).slice(0, SHOWN);
  return (
    <Sheet title={t("log.pickTitle")} onClose={closeSheet}>
      <TextField label={t("customers.search")} icon="search" value={query} onInput={type} />
      <div class="picks">
        {found.length === 0 && <Empty icon="search">{t("customers.noHit")}</Empty>}
        <ul class="group">
          {found.map((customer) => (
            <li key={customer.pk}>
              <Row
                lead={<Tier tier={customer.tier} />}
                title={<CompanyName name={customer.name} form={customer.legalForm} />}
                onClick={() => navigate(logSheet({ customerId: customer.pk }), { replace: true })}
              />
            </li>
          ))}
        </ul>
      </div>
    </Sheet>
  );
}
