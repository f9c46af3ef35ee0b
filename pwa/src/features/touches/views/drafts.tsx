/** On Today: what was begun and not saved, so that it is neither forgotten nor lost. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { moment, t } from "../../../i18n/index";
import { listDrafts, useLive, type Draft, type Store } from "../../../store";
import { CompanyName, here, Icon, Row, Section } from "../../../ui/index";
import { text } from "../../../ui/values";
import { customerOf, editDraftTarget } from "../../customers/queries";
import { logDraftCustomer, logSheet, reviseDraftTarget } from "../../interactions/queries";
import { QUICK_ADD_DRAFT, quickAddSheet } from "../../quick-add/queries";
import { promiseDraftTarget } from "../../promises/queries";
import { touchDraftTarget } from "../touch-draft";

const SHOWN = 5;

export default function Drafts({ store }: { store: Store }): JSX.Element | null {
  const sheet = here.value.query.get("sheet");
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  // What is typed changes only while a sheet is open, and is read when that closes; a photo may begin a draft later.
  const count = useLive(() => store.db.drafts.count(), [store]);
  useEffect(() => {
    if (sheet === null) void listDrafts(store).then(setDrafts);
  }, [store, sheet, count]);
  const known = drafts.flatMap((draft) => {
    const target = targetOf(draft);
    return target === null ? [] : [{ draft, target }];
  });
  if (known.length === 0) return null;
  return (
    <Section title={t("today.drafts")} count={known.length}>
      <ul class="group">
        {known.slice(0, SHOWN).map(({ draft, target }) => (
          <li key={draft.key}>
            <DraftRow draft={draft} target={target} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface Target {
  readonly customerId: string;
  readonly href: string;
  /** Of a customer who is no row yet, or a line that may not name one yet. */
  readonly newName?: string;
}

function targetOf({ key, value }: Draft): Target | null {
  if (key === QUICK_ADD_DRAFT) return { customerId: "", href: quickAddSheet, newName: text(value, "line") };
  const customerId = logDraftCustomer(key);
  return customerId === null ? (editDraftTarget(key, value) ?? touchDraftTarget(key, value) ?? promiseDraftTarget(key, value) ?? reviseDraftTarget(key, value)) : { customerId, href: logSheet({ customerId }) };
}

function DraftRow({ draft, target: { customerId, href, newName } }: { draft: Draft; target: Target }): JSX.Element {
  const customer = customerOf(customerId);
  // A customer may have left meanwhile; what was typed about it is still this person's to save or discard.
  const otherwise = newName === undefined ? text(draft.value, "customerName") || t("today.draftOfLeft") : newName || t("edit.new.customer");
  const notes = draft.value["notes"];
  return (
    <Row
      lead={<Icon name="pen" />}
      href={href}
      title={<CompanyName name={customer?.name ?? otherwise} form={customer?.legalForm ?? ""} />}
      second={<span class="one">{t("today.draftAt", { moment: moment(draft.at) })}{typeof notes === "string" && notes !== "" ? `　${notes}` : ""}</span>}
      action={<Icon name="right" size="s" />}
    />
  );
}
