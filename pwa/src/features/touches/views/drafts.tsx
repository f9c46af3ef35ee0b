/** On Today: what was begun and not saved, so that it is neither forgotten nor lost. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { moment, t } from "../../../i18n/index";
import { listDrafts, type Draft, type Store } from "../../../store";
import { CompanyName, here, Icon, Row, Section } from "../../../ui/index";
import { customerOf } from "../../customers/queries";
import { logDraftCustomer, logSheet } from "../../interactions/queries";

const SHOWN = 3;

export function Drafts({ store }: { store: Store }): JSX.Element | null {
  const sheet = here.value.query.get("sheet");
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  useEffect(() => {
    // A draft changes only while a sheet is open; reading when it closes is enough.
    if (sheet === null) void listDrafts(store).then(setDrafts);
  }, [store, sheet]);
  const logs = drafts.filter(({ key }) => customerOf(logDraftCustomer(key) ?? "") !== null).slice(0, SHOWN);
  if (logs.length === 0) return null;
  return (
    <Section title={t("today.drafts")} count={logs.length}>
      <ul class="group">
        {logs.map((draft) => (
          <li key={draft.key}>
            <DraftRow draft={draft} customerId={logDraftCustomer(draft.key) ?? ""} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function DraftRow({ draft, customerId }: { draft: Draft; customerId: string }): JSX.Element | null {
  const customer = customerOf(customerId);
  if (customer === null) return null;
  const notes = draft.value["notes"];
  return (
    <Row
      lead={<Icon name="pen" />}
      href={logSheet({ customerId })}
      title={<CompanyName name={customer.name} form={customer.legalForm} />}
      second={<span class="one">{t("today.draftAt", { moment: moment(draft.at) })}{typeof notes === "string" && notes !== "" ? `　${notes}` : ""}</span>}
      action={<Icon name="right" size="s" />}
    />
  );
}
