/** One's own password: asked for when the first one was handed out, and whenever one likes. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { errorText, t } from "../../../i18n/index";
import { Btn, closeSheet, Icon, say, Sheet, TextField } from "../../../ui/index";
import { sessionPort } from "../commands";
import { Refusal } from "../model";

export default function ChangePassword(): JSX.Element {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const save = async (): Promise<void> => {
    if (busy || current === "" || next === "") return;
    setBusy(true);
    try {
      await sessionPort().changePassword(current, next);
      closeSheet();
      say(t("password.changed"));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet title={t("password.title")} onClose={closeSheet} onSubmit={() => void save()} fit footer={<Btn look="primary" block submit disabled={busy}>{t("password.save")}</Btn>}>
      <p class="note">{t("password.hint")}</p>
      <TextField label={t("password.current")} type="password" value={current} onInput={setCurrent} autocomplete="current-password" />
      <TextField label={t("password.next")} type="password" value={next} onInput={setNext} autocomplete="new-password" />
      {refused !== null && (
        <p class="error" role="alert">
          <Icon name="need" />
          {refused.code === "offline" ? t("signIn.offline") : errorText(refused.code, refused.params)}
        </p>
      )}
    </Sheet>
  );
}
