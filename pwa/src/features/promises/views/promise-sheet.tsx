/** A promise: what, by when, to whom and who does it; and, once it is there, that it was kept or will not be. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../../i18n/index";
import { Btn, closeSheet, Empty, navigate, say, SelectField, Sheet, sheetParam } from "../../../ui/index";
import { AboutWhom } from "../../conflicts/queries";
import { customerOf, customerPath, useContacts } from "../../customers/queries";
import { ColleagueField, colleagues } from "../../people/queries";
import { discardDraft } from "../../session/commands";
import { useMe, useStore } from "../../session/queries";
import { changePromise, recordPromise, type TakeBack } from "../commands";
import { isWhole, type PromiseForm } from "../form";
import { byWords } from "../model";
import { promiseDraftKey } from "../promise-draft";
import { usePromiseForm, type Opened } from "../use-promise-form";
import { HowItEnded } from "./how-it-ended";
import { PromiseFields } from "./promise-fields";

export default function PromiseSheet(): JSX.Element {
  const store = useStore();
  const [pk, mend] = [sheetParam("id"), sheetParam("mend")];
  const customerId = sheetParam("customer") ?? "";
  const { opened, isTyped, row, change } = usePromiseForm(store, { customerId, pk, mend });
  const [saving, setSaving] = useState(false);
  const end = async (work: () => Promise<TakeBack>, said: string): Promise<void> => {
    if (saving) return;
    setSaving(true);
    try {
      const undo = await work();
      closeSheet();
      say(said, undo);
    } finally {
      setSaving(false);
    }
  };
  const discard = async (): Promise<void> => {
    await discardDraft(store, promiseDraftKey(customerId, pk));
    closeSheet();
  };
  const save = ({ editing, form }: Opened): Promise<TakeBack> => {
    const mends = mend ?? undefined;
    return editing === null ? recordPromise(store, customerId, form, { ...(pk === null ? {} : { pk }), mends }) : changePromise(store, editing, form, mends);
  };
  const canSave = opened !== null && isWhole(opened.form) && !saving;
  const isNew = pk === null || opened?.editing == null;
  const isGone = opened !== null && pk !== null && row === null && mend === null;
  return (
    <Sheet
      title={t(pk === null ? "promise.record" : "entity.promise")}
      closeLabel={t("log.close")}
      onClose={closeSheet}
      onSubmit={() => void (canSave && end(() => save(opened), isNew ? t("promise.recorded", { due: byWords(opened.form) }) : t("promise.changed")))}
      footer={<Btn look="primary" block submit disabled={!canSave || isGone}>{t(isNew ? "promise.save" : "touch.keep")}</Btn>}
    >
      {isGone && <Empty icon="hand">{t("edit.gone")}</Empty>}
      {opened !== null && !isGone && <Fields customerId={customerId} form={opened.form} change={change} isFaulty={mend !== null} />}
      {isTyped && <Btn look="text" late onClick={() => void discard()}>{t("draft.discard")}</Btn>}
      {row !== null && mend === null && <HowItEnded promise={row} end={end} />}
      {pk !== null && customerOf(customerId) !== null && (
        <Btn look="text" icon="open" onClick={() => navigate(customerPath(customerId), { replace: true })}>{t("promise.toCustomer")}</Btn>
      )}
    </Sheet>
  );
}

interface FieldsProps {
  customerId: string;
  form: PromiseForm;
  change: (part: Partial<PromiseForm>) => void;
  isFaulty: boolean;
}

function Fields({ customerId, form, change, isFaulty }: FieldsProps): JSX.Element {
  const contacts = useContacts(useStore(), customerId) ?? [];
  return (
    <>
      <AboutWhom customerId={customerId} />
      <PromiseFields form={form} change={change} />
      <ColleagueField label={t("field.promise.owner_id")} people={colleagues.value} me={useMe().id} value={form.ownerId} onInput={(ownerId) => change({ ownerId })} isFaulty={isFaulty} />
      <SelectField
        label={t("promise.toWhom")}
        value={form.contactId ?? ""}
        onInput={(contactId) => change({ contactId: contactId === "" ? null : contactId })}
        options={[{ value: "", label: t("promise.nobody") }, ...contacts.map(({ pk, name, title }) => ({ value: pk, label: `${name} ${title}`.trim() }))]}
      />
    </>
  );
}
