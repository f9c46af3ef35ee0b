/** One photo, as large as the screen; its author may strike it out. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment, t } from "../../../i18n/index";
import { getRow, useLive } from "../../../store";
import { Btn, closeSheet, Empty, say, Sheet, sheetParam } from "../../../ui/index";
import { personName } from "../../people/queries";
import { useMe, useStore } from "../../session/queries";
import { strikeOut } from "../commands";
import { photoOf, wholeOf, type Photo } from "../model";
import { Picture } from "./photo";

export function PhotoSheet(): JSX.Element {
  const store = useStore();
  const pk = sheetParam("id") ?? "";
  const row = useLive(() => getRow(store, "attachment", pk), [store, pk]);
  const photo = row == null ? null : photoOf(row);
  return (
    <Sheet title={photo === null ? t("photo.title") : t("photo.alt", { moment: moment(photo.takenAt) })} onClose={closeSheet}>
      {photo !== null && !photo.isVoided && <Whole photo={photo} />}
      {(row === null || photo?.isVoided === true) && <Empty icon="camera">{t("photo.gone")}</Empty>}
    </Sheet>
  );
}

function Whole({ photo }: { photo: Photo }): JSX.Element {
  const [store, me] = [useStore(), useMe()];
  const isMine = photo.personId === me.id || (photo.personId === "" && photo.state !== "server");
  const [striking, setStriking] = useState(false);
  const strike = async (): Promise<void> => {
    setStriking(true);
    try {
      const undo = await strikeOut(store, photo);
      closeSheet();
      say(t("photo.removed"), undo);
    } finally {
      setStriking(false);
    }
  };
  return (
    <>
      <Picture store={store} name={wholeOf(photo)} row={["attachment", photo.pk]} takenAt={photo.takenAt} big />
      <p class="note">{isMine ? t("person.me") : personName(photo.personId)}</p>
      {isMine && <Btn look="text" late icon="trash" disabled={striking} onClick={() => void strike()}>{t("photo.remove")}</Btn>}
    </>
  );
}
