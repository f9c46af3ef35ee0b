/** Logging a contact in four taps without typing: whom is known, how it went, when again, save. Words are welcome but optional. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t, timeOf } from "../../../i18n/index";
import { Btn, closeSheet, Icon, say, Sheet, sheetParam } from "../../../ui/index";
import { keepPhotos } from "../../attachments/commands";
import { PhotoPicker } from "../../attachments/queries";
import { useContacts } from "../../customers/queries";
import { discardDraft } from "../../session/commands";
import { useStore } from "../../session/queries";
import { draftKey } from "../draft-key";
import { channelOf, type LogForm } from "../model";
import { saveLog } from "../save-log";
import { useLogForm, type Change } from "../use-log-form";
import { LogHead } from "./log-head";
import { NextDate } from "./next-date";
import { PickCustomer } from "./pick-customer";
import { WhatHappened } from "./what-happened";
import "./log-sheet.css";

export default function LogSheet(): JSX.Element {
  const customerId = sheetParam("customer");
  return customerId === null ? <PickCustomer /> : <LogForCustomer key={customerId} customerId={customerId} />;
}

function LogForCustomer({ customerId }: { customerId: string }): JSX.Element {
  const store = useStore();
  const { form, savedAt, change } = useLogForm(store, customerId, { channel: channelOf(sheetParam("channel") ?? ""), checkIn: sheetParam("checkin") === "1" });
  const [saving, setSaving] = useState(false);
  const discard = async (): Promise<void> => {
    await keepPhotos(store, form?.photos ?? []);
    await discardDraft(store, draftKey(customerId));
    closeSheet();
  };
  const save = async (): Promise<void> => {
    if (form === null || saving) return;
    setSaving(true);
    try {
      const undo = await saveLog(store, form, customerId, sheetParam("touch"));
      closeSheet();
      say(t("log.saved", { channel: t(`channel.${form.channel}`), name: form.customerName || t("today.draftOfLeft") }), undo);
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

function Fields({ customerId, form, change }: { customerId: string; form: LogForm; change: Change }): JSX.Element {
  const contacts = useContacts(useStore(), customerId) ?? [];
  return (
    <>
      <LogHead customerId={customerId} name={form.customerName} checkIn={form.checkIn} change={change} />
      <WhatHappened customerId={customerId} contacts={contacts} form={form} change={change}>
        <NextDate customerId={customerId} value={form.nextOn} change={change} />
      </WhatHappened>
      <PhotoPicker photos={form.photos} onChange={(next) => change(({ photos }) => ({ photos: next(photos) }))} />
    </>
  );
}
