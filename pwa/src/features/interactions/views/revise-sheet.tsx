/** The author corrects what was logged, or strikes it out; the office keeps what it said before. */
import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { t } from "../../../i18n/index";
import { saveDraft, type Fields } from "../../../store";
import { Btn, closeSheet, Empty, say, Sheet, sheetParam } from "../../../ui/index";
import { AboutWhom, parkedItem } from "../../conflicts/queries";
import { useContacts } from "../../customers/queries";
import { discardDraft } from "../../session/commands";
import { useStore } from "../../session/queries";
import { voidInteraction } from "../commands";
import type { Correction } from "../correction";
import { reviseDraftKey } from "../revise-draft";
import { openCorrection, saveCorrection, type Correcting } from "../revise";
import { WhatHappened } from "./what-happened";
import "./log-sheet.css";

export default function ReviseSheet(): JSX.Element {
  const store = useStore();
  const [customerId, pk, mend] = [sheetParam("customer") ?? "", sheetParam("id") ?? "", sheetParam("mend")];
  const [parked] = useState(() => (mend === null ? null : parkedItem(mend)));
  const [now, show] = useState<Correcting | null | undefined>(undefined);
  const [isTyped, setTyped] = useState(false);
  const [saving, setSaving] = useState(false);
  useEffect(() => {
    void openCorrection(store, customerId, pk, parked).then((opened) => {
      show(opened?.correcting ?? null);
      setTyped(opened?.isDraft ?? false);
    });
  }, [store, pk]);
  const change = useCallback((part: Partial<Correction>): void => {
    show((old) => {
      if (old == null) return old;
      const next = { ...old, correction: { ...old.correction, ...part } };
      saveDraft(store, reviseDraftKey(pk), next as unknown as Fields);
      return next;
    });
    setTyped(true);
  }, [store, pk]);
  const end = async (work: () => Promise<(() => Promise<void>) | void>, said: string): Promise<void> => {
    if (saving) return;
    setSaving(true);
    try {
      const undo = await work();
      closeSheet();
      say(said, undo ?? null);
    } finally {
      setSaving(false);
    }
  };
  const discard = async (): Promise<void> => {
    await discardDraft(store, reviseDraftKey(pk));
    closeSheet();
  };
  return (
    <Sheet
      title={t("revise.title")}
      closeLabel={t("log.close")}
      onClose={closeSheet}
      onSubmit={() => void (now != null && end(() => saveCorrection(store, pk, now, parked), t("revise.saved")))}
      footer={
        <>
          <Btn look="primary" block submit disabled={now == null || saving}>{t("revise.save")}</Btn>
          <p class="cap">{t("revise.hint")}</p>
        </>
      }
    >
      {now === null && <Empty icon="list">{t("edit.gone")}</Empty>}
      {now != null && <Form customerId={customerId} form={now.correction} change={change} />}
      {isTyped && <Btn look="text" late onClick={() => void discard()}>{t("draft.discard")}</Btn>}
      {now != null && parked === null && <Btn look="text" late icon="x" onClick={() => void end(() => voidInteraction(store, pk), t("timeline.struck"))}>{t("timeline.strike")}</Btn>}
    </Sheet>
  );
}

function Form({ customerId, form, change }: { customerId: string; form: Correction; change: (part: Partial<Correction>) => void }): JSX.Element {
  const contacts = useContacts(useStore(), customerId) ?? [];
  return (
    <>
      <AboutWhom customerId={customerId} />
      <WhatHappened customerId={customerId} contacts={contacts} form={form} change={change} />
    </>
  );
}
