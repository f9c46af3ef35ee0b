/** Logging a contact in four taps without typing: whom is known, how it went, when again, save. Words are welcome but optional. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t, timeOf } from "../../../i18n/index";
import { status } from "../../../store";
import { Btn, closeSheet, Icon, openSheet, say, Sheet, sheetParam } from "../../../ui/index";
import { allAdded, countAdding, endRecording, keepAdded, type AddedFile } from "../../attachments/commands";
import { PhotoPicker, VoiceMemos } from "../../attachments/queries";
import { useContacts } from "../../customers/queries";
import { LogPromises, promisesTo } from "../../promises/queries";
import { discardDraft } from "../../session/commands";
import { useStore } from "../../session/queries";
import { draftKey } from "../draft-key";
import { channelOf, type LogForm } from "../model";
import { answerOffer } from "../offer";
import { saveLog } from "../save-log";
import { useLogForm, type Change } from "../use-log-form";
import { LogHead } from "./log-head";
import { NextDate } from "./next-date";
import { PickCustomer } from "./pick-customer";
import { SignSheet } from "./sign-sheet";
import { SignatureLine } from "./signature-line";
import { WhatHappened } from "./what-happened";
import "./log-sheet.css";

export default function LogSheet(): JSX.Element {
  const customerId = sheetParam("customer");
  if (openSheet.value === "sign") return <SignSheet />;
  return customerId === null ? <PickCustomer /> : <LogForCustomer key={customerId} customerId={customerId} />;
}

function LogForCustomer({ customerId }: { customerId: string }): JSX.Element {
  const store = useStore();
  const key = draftKey(customerId);
  const { form, savedAt, change, latest, take, voice } = useLogForm(store, customerId, { channel: channelOf(sheetParam("channel") ?? ""), checkIn: sheetParam("checkin") === "1", contactId: sheetParam("contact") ?? "", beganAt: Number(sheetParam("began")) || null });
  const [ending, setEnding] = useState(false);
  const isAdding = countAdding(store, key) > 0;
  /** Photos that are still being made, and what is being said, belong to what is saved or discarded; closing the sheet meanwhile keeps all of it as a draft. */
  const end = async (how: (form: LogForm, isWhole: boolean) => Promise<void>): Promise<void> => {
    if (ending) return;
    setEnding(true);
    try {
      await endRecording(store, voice, () => latest()?.recording ?? null);
      const isWhole = await allAdded(store, key);
      const last = latest();
      if (last !== null) await how(last, isWhole);
    } finally {
      setEnding(false);
    }
  };
  const discard = async ({ photos, files }: LogForm): Promise<void> => {
    await keepAdded(store, photos, files);
    await discardDraft(store, key);
    closeSheet();
  };
  const takeOut = ({ sha256 }: AddedFile): void => change({ files: (latest()?.files ?? []).filter((each) => each.sha256 !== sha256) });
  const save = async (last: LogForm, isWhole: boolean): Promise<void> => {
    // That a photo could not be read has just been said: whoever wants it saved without it presses once more.
    if (!isWhole) return;
    const undo = await saveLog(store, last, customerId, sheetParam("touch"));
    await answerOffer(store, customerId);
    closeSheet();
    say(t("log.saved", { channel: t(`channel.${last.channel}`), name: last.customerName || t("today.draftOfLeft") }), undo);
  };
  return (
    <Sheet
      title={t("log.title")}
      closeLabel={t("log.close")}
      onClose={closeSheet}
      onSubmit={() => void end(save)}
      status={savedAt !== null && <DraftMark at={savedAt} />}
      footer={
        <>
          <Btn look="primary" block submit disabled={ending || form === null}>
            {ending && isAdding ? t("photo.busy") : t("log.save", { channel: t(`channel.${form?.channel ?? "visit"}`) })}
          </Btn>
          <p class="cap">
            <Icon name="pending" size="xs" />
            {t("log.offlineHint")}
          </p>
        </>
      }
    >
      {form !== null && <Fields customerId={customerId} form={form} change={change} />}
      {form !== null && (
        <PhotoPicker
          form={{ key, take }}
          photos={form.photos}
          onTakeOut={({ sha256 }) => change({ photos: (latest() ?? form).photos.filter((each) => each.sha256 !== sha256) })}
          disabled={ending}
        />
      )}
      {form !== null && <VoiceMemos form={voice} recording={form.recording} files={form.files} onTakeOut={takeOut} disabled={ending} />}
      {form !== null && <SignatureLine customerId={customerId} form={form} onLeave={() => change({})} onTakeOut={takeOut} disabled={ending} />}
      {savedAt !== null && <Btn look="text" late disabled={ending} onClick={() => void end(discard)}>{t("draft.discard")}</Btn>}
    </Sheet>
  );
}

/** Nothing is said to be kept while there may be no room for it. */
function DraftMark({ at }: { at: number }): JSX.Element | null {
  if (status.value.storage.full) return null;
  return (
    <span class="mark sm quiet">
      <Icon name="pending" />
      {t("log.draft", { time: timeOf(at) })}
    </span>
  );
}

function Fields({ customerId, form, change }: { customerId: string; form: LogForm; change: Change }): JSX.Element {
  const store = useStore();
  const contacts = useContacts(store, customerId) ?? [];
  return (
    <>
      <LogHead customerId={customerId} name={form.customerName} checkIn={form.checkIn} change={change} />
      <WhatHappened customerId={customerId} contacts={contacts} form={form} change={change}>
        <NextDate customerId={customerId} value={form.nextOn} change={change} />
        <LogPromises store={store} open={promisesTo(customerId).filter(({ standing }) => standing === "open")} promises={form.promises} kept={form.kept} change={change} />
      </WhatHappened>
    </>
  );
}
