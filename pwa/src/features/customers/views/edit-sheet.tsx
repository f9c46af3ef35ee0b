/** One sheet for editing a customer, a contact or a site, offline too; what is half typed stays as a draft. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t, timeOf } from "../../../i18n/index";
import { Btn, closeSheet, Empty, goBack, Icon, navigate, say, Sheet, sheetParam } from "../../../ui/index";
import { parkedItem, typedInto, type Parked } from "../../conflicts/queries";
import { status, type Fields } from "../../../store";
import { discardDraft } from "../../session/commands";
import { useStore } from "../../session/queries";
import { saveFields } from "../commands";
import { faults, forms, wantedOf, type EditedEntity } from "../form";
import { customerPath, customersPath } from "../queries";
import { editDraftKey } from "../edit-draft";
import { useEditForm } from "../use-edit-form";
import { FormField } from "./form-field";

export default function EditSheet({ entity }: { entity: EditedEntity }): JSX.Element {
  const store = useStore();
  const [pk, mend] = [sheetParam("id"), sheetParam("mend")];
  const name = sheetParam("name");
  const customerId = sheetParam("customer") ?? pk ?? name ?? "";
  const parked = mend === null ? null : parkedItem(mend);
  const form = useEditForm(store, { entity, customerId, pk, typedBefore: typedBefore(parked, name), mendsCreate: parked?.op === "create" });
  const [wrong, setWrong] = useState<readonly string[]>(parked?.fields ?? []);
  const [saving, setSaving] = useState(false);
  const discard = async (): Promise<void> => {
    await discardDraft(store, editDraftKey(entity, customerId, pk));
    closeSheet();
  };
  const save = async (): Promise<void> => {
    const { kept } = form;
    if (kept === null || saving) return;
    const found = faults(entity, kept.typed);
    setWrong(found);
    if (found.length > 0) return focusFirst();
    setSaving(true);
    try {
      const saved = await saveFields(store, { entity, customerId, editing: kept.editing, fields: wantedOf(entity, kept.typed), draft: editDraftKey(entity, customerId, pk), mend, pk });
      if (entity === "customer" && pk === null) navigate(customerPath(saved.pk), { replace: true });
      else closeSheet();
      if (saved.changed) say(t(`edit.saved.${entity}`), saved.undo);
    } finally {
      setSaving(false);
    }
  };
  return (
    <Sheet
      title={t(pk === null ? `edit.new.${entity}` : `edit.title.${entity}`)}
      closeLabel={t("log.close")}
      onClose={closeSheet}
      onSubmit={() => void save()}
      status={form.savedAt !== null && !status.value.storage.full && <span class="mark sm quiet"><Icon name="pending" />{t("log.draft", { time: timeOf(form.savedAt) })}</span>}
      footer={<Btn look="primary" block submit disabled={saving || form.kept === null}>{t(`edit.save.${entity}`)}</Btn>}
    >
      {form.isGone && <Empty icon="cust" action={<Btn look="line" onClick={() => goBack(customersPath)}>{t("nav.back")}</Btn>}>{t("edit.gone")}</Empty>}
      {form.kept !== null &&
        forms[entity].map((group, at) => (
          <fieldset class="form" key={at}>
            {group.map((def) => (
              <FormField key={def.name} entity={entity} customerId={customerId} self={pk} def={def} typed={form.kept!.typed} isWrong={wrong.includes(def.name)} set={form.set} />
            ))}
          </fieldset>
        ))}
      {form.savedAt !== null && <Btn look="text" late onClick={() => void discard()}>{t("draft.discard")}</Btn>}
    </Sheet>
  );
}

function typedBefore(parked: Parked | null, name: string | null): Fields | null {
  if (parked !== null) return typedInto(parked);
  return name === null ? null : { name };
}

/** Takes the person to the first field that must change. */
function focusFirst(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("dialog [aria-invalid=true]")?.focus());
}
