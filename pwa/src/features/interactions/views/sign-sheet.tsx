/** The customer signs what they are shown: while they hold the device nothing can be accepted, cancelled or left; both are the rep's. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../../i18n/index";
import { Btn, closeSheet, CompanyName, say, Sheet, sheetParam, TextField } from "../../../ui/index";
import { isWritten, keepSignature, pictureOf, type Stroke } from "../../attachments/commands";
import { SignaturePad } from "../../attachments/queries";
import { customerOf, useContacts, type Contact } from "../../customers/queries";
import { useStore } from "../../session/queries";
import type { LogForm } from "../model";
import { signedHash } from "../signing";
import { useLogForm, type Change } from "../use-log-form";
import "./sign-sheet.css";

const OPENING = { channel: null, checkIn: false, contactId: "", beganAt: null };

/** Who holds the device. */
type Turn = "before" | "customer" | "after";

export function SignSheet(): JSX.Element {
  const store = useStore();
  const customerId = sheetParam("customer") ?? "";
  const { form, change } = useLogForm(store, customerId, OPENING);
  const contacts = useContacts(store, customerId);
  const [turn, give] = useState<Turn>("before");
  return (
    <Sheet title={t("sign.title")} onClose={() => turn !== "customer" && closeSheet()}>
      {form !== null && contacts !== undefined && <Signing customerId={customerId} form={form} contacts={contacts} change={change} turn={turn} give={give} />}
    </Sheet>
  );
}

interface SigningProps {
  customerId: string;
  form: LogForm;
  contacts: readonly Contact[];
  change: Change;
  turn: Turn;
  give: (turn: Turn) => void;
}

function Signing({ customerId, form, contacts, change, turn, give }: SigningProps): JSX.Element {
  const store = useStore();
  const met = contacts.filter(({ pk }) => form.contactIds.includes(pk));
  const [name, call] = useState(met.length === 1 ? met[0]!.name : "");
  const [ink, write] = useState<{ strokes: readonly Stroke[]; ratio: number }>({ strokes: [], ratio: 1 });
  const [keeping, setKeeping] = useState(false);
  const accept = async (): Promise<void> => {
    setKeeping(true);
    try {
      const signature = await keepSignature(store, await pictureOf(ink.strokes, ink.ratio), name.trim(), signedHash(customerId, form));
      change({ files: [...form.files.filter(({ kind }) => kind !== "signature"), signature] });
      closeSheet();
      say(t("sign.accepted", { name: signature.name }));
    } finally {
      setKeeping(false);
    }
  };
  const again = (): void => {
    write({ strokes: [], ratio: 1 });
    give("customer");
  };
  const pad = <SignaturePad strokes={ink.strokes} onChange={(strokes, ratio) => write({ strokes, ratio })} closed={turn !== "customer"} />;
  const content = <Content customerId={customerId} form={form} met={met} />;
  if (turn === "customer") {
    return (
      <div class="signing">
        {content}
        <p class="lab">{t("sign.here")}</p>
        {pad}
        <Btn look="line" icon="undo" disabled={ink.strokes.length === 0} onClick={() => write({ strokes: [], ratio: 1 })}>{t("sign.clear")}</Btn>
        <Btn look="primary" block disabled={!isWritten(ink.strokes)} onClick={() => give("after")}>{t("sign.handBack")}</Btn>
      </div>
    );
  }
  return (
    <>
      {content}
      {turn === "before" && <TextField label={t("sign.who")} value={name} maxLength={100} onInput={call} />}
      {turn === "before" && <Btn look="primary" block disabled={name.trim() === ""} onClick={() => give("customer")}>{t("sign.hand")}</Btn>}
      {turn === "after" && <p class="lab">{t("sign.by", { name })}</p>}
      {turn === "after" && pad}
      {turn === "after" && <Btn look="primary" block disabled={keeping} onClick={() => void accept()}>{t("sign.accept")}</Btn>}
      {turn === "after" && <Btn look="line" block icon="retry" disabled={keeping} onClick={again}>{t("sign.again")}</Btn>}
      <Btn look="text" block disabled={keeping} onClick={closeSheet}>{t("sign.cancel")}</Btn>
    </>
  );
}

/** All that is signed, and nothing else. */
function Content({ customerId, form, met }: { customerId: string; form: LogForm; met: readonly Contact[] }): JSX.Element {
  const facts = [t(`channel.${form.channel}`), form.purpose === null ? "" : t(`visitPurpose.${form.purpose}`), ...met.map(({ name }) => name)];
  const customer = customerOf(customerId);
  return (
    <div class="signed">
      <p><b><CompanyName name={customer?.name ?? form.customerName} form={customer?.legalForm ?? null} /></b></p>
      <p class="note">{facts.filter((fact) => fact !== "").join(t("list.separator"))}</p>
      {form.notes.trim() !== "" && <p class="words">{form.notes}</p>}
      {form.nextStep.trim() !== "" && <p class="words"><b>{t("log.nextStep")}</b> {form.nextStep}</p>}
    </div>
  );
}
