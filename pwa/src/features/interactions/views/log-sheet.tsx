/** Logging a contact in four taps without typing: whom is known, how it went, when again, save. Words are welcome but optional. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t, timeOf } from "../../../i18n/index";
import { Btn, ChoiceChips, closeSheet, Icon, NoteField, say, Sheet, sheetParam } from "../../../ui/index";
import { customerOf, useContacts } from "../../customers/queries";
import { discardDraft } from "../../session/commands";
import { useStore } from "../../session/queries";
import { channelIcons } from "../channels";
import { draftKey } from "../draft-key";
import { channels, outcomes, type Channel, type LogForm } from "../model";
import { saveLog } from "../save-log";
import { useLogForm } from "../use-log-form";
import { LogHead } from "./log-head";
import { NextDate } from "./next-date";
import { PeopleChips } from "./people-chips";
import { PickCustomer } from "./pick-customer";
import "./log-sheet.css";

export default function LogSheet(): JSX.Element {
  const customerId = sheetParam("customer");
  return customerId === null ? <PickCustomer /> : <LogForCustomer key={customerId} customerId={customerId} />;
}

const channelOf = (value: string | null): Channel | null => channels.find((each) => each === value) ?? null;

function LogForCustomer({ customerId }: { customerId: string }): JSX.Element {
  const store = useStore();
  const { form, savedAt, change } = useLogForm(store, customerId, { channel: channelOf(sheetParam("channel")), checkIn: sheetParam("checkin") === "1" });
  const [saving, setSaving] = useState(false);
  const name = customerOf(customerId)?.name ?? "";
  const discard = async (): Promise<void> => {
    await discardDraft(store, draftKey(customerId));
    closeSheet();
  };
  const save = async (): Promise<void> => {
    if (form === null || saving) return;
    setSaving(true);
    try {
      const undo = await saveLog(store, form, customerId, sheetParam("touch"));
      closeSheet();
      say(t("log.saved", { channel: t(`channel.${form.channel}`), name }), undo);
    } finally {
      setSaving(false);
    }
  };
  return (
    <Sheet
      title={t("log.title")}
      closeLabel={t("log.close")}
      onClose={closeSheet}
      onSubmit={() => void save()}
      status={savedAt !== null && <DraftMark at={savedAt} />}
      footer={
        <>
          <Btn look="primary" block submit disabled={saving || form === null}>
            {t("log.save", { channel: t(`channel.${form?.channel ?? "visit"}`) })}
          </Btn>
          <p class="cap">
            <Icon name="pending" size="xs" />
            {t("log.offlineHint")}
          </p>
        </>
      }
    >
      {form !== null && <Fields customerId={customerId} form={form} change={change} />}
      {savedAt !== null && <Btn look="text" late onClick={() => void discard()}>{t("draft.discard")}</Btn>}
    </Sheet>
  );
}

function DraftMark({ at }: { at: number }): JSX.Element {
  return (
    <span class="mark sm quiet">
      <Icon name="pending" />
      {t("log.draft", { time: timeOf(at) })}
    </span>
  );
}

function Fields({ customerId, form, change }: { customerId: string; form: LogForm; change: (part: Partial<LogForm>) => void }): JSX.Element {
  const contacts = useContacts(useStore(), customerId) ?? [];
  return (
    <>
      <LogHead customerId={customerId} checkIn={form.checkIn} change={change} />
      <ChoiceChips
        even
        label={t("log.channel")}
        value={form.channel}
        choices={channels.map((value) => ({ value, label: t(`channel.${value}`), icon: channelIcons[value] }))}
        onChange={(channel) => change({ channel })}
      />
      <div>
        <p class="lab">{t("log.outcome")}</p>
        <ChoiceChips even label={t("log.outcome")} value={form.outcome} choices={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))} onChange={(outcome) => change({ outcome })} />
      </div>
      <PeopleChips customerId={customerId} contacts={contacts} chosen={form.contactIds} onChange={(contactIds) => change({ contactIds })} />
      <NextDate customerId={customerId} value={form.nextOn} onChange={(nextOn) => change({ nextOn })} />
      <NoteField label={t("log.notes")} optional hint={t("log.mic")} value={form.notes} onInput={(notes) => change({ notes })} />
      <NoteField label={t("log.nextStep")} optional rows={2} value={form.nextStep} onInput={(nextStep) => change({ nextStep })} />
    </>
  );
}
