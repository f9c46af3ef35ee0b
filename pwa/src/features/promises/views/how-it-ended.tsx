/** Closing a promise: kept in one tap, dropped with a reason, and opened again. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment, t } from "../../../i18n/index";
import { Btn, NoteField } from "../../../ui/index";
import { useStore } from "../../session/queries";
import { dropPromise, keepPromise, reopenPromise, type TakeBack } from "../commands";
import type { Promised } from "../model";

interface HowItEndedProps {
  promise: Promised;
  end: (work: () => Promise<TakeBack>, said: string) => Promise<void>;
}

export function HowItEnded({ promise, end }: HowItEndedProps): JSX.Element {
  return promise.standing === "open" ? <Close promise={promise} end={end} /> : <Closed promise={promise} end={end} />;
}

function Close({ promise: { pk }, end }: HowItEndedProps): JSX.Element {
  const store = useStore();
  const [reason, type] = useState<string | null>(null);
  return (
    <>
      <div class="pair">
        <Btn look="line" icon="check" onClick={() => void end(() => keepPromise(store, pk), t("promise.kept"))}>{t("promise.keep")}</Btn>
        <Btn look="line" icon="x" onClick={() => type(reason === null ? "" : null)}>{t("promise.drop")}</Btn>
      </div>
      {reason !== null && (
        <>
          <NoteField label={t("promise.reason")} rows={2} value={reason} onInput={type} />
          <Btn look="line" late block disabled={reason.trim() === ""} onClick={() => void end(() => dropPromise(store, pk, reason), t("promise.dropped"))}>
            {t("promise.dropNow")}
          </Btn>
        </>
      )}
    </>
  );
}

function Closed({ promise: { pk, standing, closedAt, note }, end }: HowItEndedProps): JSX.Element {
  const store = useStore();
  const said = t(standing === "kept" ? "promise.wasKept" : "promise.wasDropped", { moment: closedAt === null ? "" : moment(closedAt) });
  return (
    <>
      <p class="note">{note === "" ? said : `${said}${t("list.separator")}${note}`}</p>
      <Btn look="line" icon="undo" onClick={() => void end(() => reopenPromise(store, pk), t("promise.reopened"))}>{t("promise.reopen")}</Btn>
    </>
  );
}
