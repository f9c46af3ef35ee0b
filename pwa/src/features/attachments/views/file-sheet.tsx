/** One voice memo, signature or document by itself; its author may strike it out. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment, t } from "../../../i18n/index";
import { getRow, useLive } from "../../../store";
import { Btn, closeSheet, Empty, say, Sheet, sheetParam } from "../../../ui/index";
import { personName } from "../../people/queries";
import { useMe, useStore } from "../../session/queries";
import { strikeOutFile } from "../commands";
import { fileOf, type FileItem } from "../file";
import { fileIcons, fileWords } from "../file-words";
import { FileBody } from "./file-body";

export function FileSheet(): JSX.Element {
  const store = useStore();
  const pk = sheetParam("id") ?? "";
  const row = useLive(() => getRow(store, "attachment", pk), [store, pk]);
  const file = row == null ? null : fileOf(row);
  const isGone = row === null || file?.isVoided === true;
  return (
    <Sheet fit title={file === null ? t("file.title") : fileWords(file)} onClose={closeSheet}>
      {file !== null && !isGone && <Whole file={file} />}
      {isGone && <Empty icon={file === null ? "doc" : fileIcons[file.kind]}>{t("file.gone")}</Empty>}
    </Sheet>
  );
}

function Whole({ file }: { file: FileItem }): JSX.Element {
  const [store, me] = [useStore(), useMe()];
  const isMine = file.personId === me.id || (file.personId === "" && file.state !== "server");
  const [striking, setStriking] = useState(false);
  const strike = async (): Promise<void> => {
    setStriking(true);
    try {
      const undo = await strikeOutFile(store, file);
      closeSheet();
      say(t("file.removed"), undo);
    } finally {
      setStriking(false);
    }
  };
  return (
    <>
      <FileBody store={store} file={file} row={["attachment", file.pk]} />
      <p class="note">{[moment(file.takenAt), isMine ? t("person.me") : personName(file.personId)].join(t("list.separator"))}</p>
      {isMine && <Btn look="text" late icon="trash" disabled={striking} onClick={() => void strike()}>{t("file.remove")}</Btn>}
    </>
  );
}
