/** A file itself: to be heard, seen or opened, or in words why it is not here. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { bytesName, type AddedFile } from "../file";
import { fileWords } from "../file-words";
import { useBlob } from "../use-blob";
import "./files.css";

export interface FileBodyProps {
  store: Store;
  file: AddedFile;
  /** The row that names it; null in a form. */
  row: readonly [entity: string, pk: string] | null;
}

export function FileBody({ store, file, row }: FileBodyProps): JSX.Element {
  const { url, isGone } = useBlob(store, bytesName(file), row);
  if (url === null) return <p class="note">{t(isGone ? "file.gone" : "file.onItsWay")}</p>;
  if (file.kind === "signature") return <img class="signature" src={url} alt={fileWords(file)} />;
  return <audio src={url} controls autoplay={row === null} aria-label={fileWords(file)} />;
}
