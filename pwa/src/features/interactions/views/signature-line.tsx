/** Asks for the customer's signature under a log, and says whose there is, or that it counts no more. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { Btn, Icon, IconBtn, navigate } from "../../../ui/index";
import type { AddedFile } from "../../attachments/commands";
import type { LogForm } from "../model";
import { signedHash, signSheet } from "../signing";

interface SignatureLineProps {
  customerId: string;
  form: LogForm;
  /** Writes the form down as it is. */
  onLeave: () => void;
  onTakeOut: (signature: AddedFile) => void;
  disabled: boolean;
}

export function SignatureLine({ customerId, form, onLeave, onTakeOut, disabled }: SignatureLineProps): JSX.Element {
  const signature = form.files.find(({ kind }) => kind === "signature");
  const isStale = signature !== undefined && signature.signedHash !== signedHash(customerId, form);
  const sign = (): void => {
    onLeave();
    navigate(signSheet(customerId));
  };
  return (
    <div>
      {signature !== undefined && (
        <p class="memo">
          <Icon name={isStale ? "need" : "check"} size="s" />
          <span>{t("sign.by", { name: signature.name })}</span>
          <IconBtn icon="x" label={t("sign.takeOut")} onClick={() => onTakeOut(signature)} />
        </p>
      )}
      {isStale && <p class="note" role="alert">{t("sign.stale")}</p>}
      {(signature === undefined || isStale) && <Btn look="line" icon="pen" disabled={disabled} onClick={sign}>{t(isStale ? "sign.again" : "sign.start")}</Btn>}
    </div>
  );
}
