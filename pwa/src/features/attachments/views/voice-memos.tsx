/** Voice memos of a form: recorded with one tap and ended with another, each to be heard before it is saved. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../../i18n/index";
import { Btn, IconBtn, warn } from "../../../ui/index";
import { useStore } from "../../session/queries";
import { lengthWords, type AddedFile } from "../file";
import { canRecord, endRecording, isRecording, LONGEST_MS, NoMicrophone, startRecording, type Take, type VoiceForm } from "../recorder";
import { Player } from "./player";

interface VoiceMemosProps {
  form: VoiceForm;
  recording: Take | null;
  files: readonly AddedFile[];
  onTakeOut: (memo: AddedFile) => void;
  /** While the form is being saved. */
  disabled: boolean;
}

export function VoiceMemos({ form, recording, files, onTakeOut, disabled }: VoiceMemosProps): JSX.Element {
  const store = useStore();
  // What a killed page left is joined when its form opens again; what is said when the form closes ends there.
  useEffect(() => {
    void endRecording(store, form, () => recording);
    return () => void endRecording(store, form, () => null);
  }, [store, form]);
  const start = async (): Promise<void> => {
    try {
      await startRecording(store, form);
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      warn(t(`voice.${error.reason}`));
    }
  };
  const isOn = isRecording(store, form);
  const length = { length: lengthWords(recording?.durationMs ?? 0), most: lengthWords(LONGEST_MS) };
  return (
    <div class="memos">
      {files.filter(({ kind }) => kind === "voice").map((memo) => (
        <div class="memo" key={memo.sha256}>
          <Player store={store} file={memo} row={null} />
          <IconBtn icon="x" label={t("voice.takeOut", { length: lengthWords(memo.durationMs) })} onClick={() => onTakeOut(memo)} />
        </div>
      ))}
      {isOn && <Btn look="line" icon="stop" onClick={() => void endRecording(store, form, () => null)}>{t("voice.stop", length)}</Btn>}
      {!isOn && canRecord() && <Btn look="line" icon="mic" disabled={disabled} onClick={() => void start()}>{t("voice.start")}</Btn>}
      {!canRecord() && <p class="cap">{t("voice.cannot")}</p>}
    </div>
  );
}
