/** What lies beside one contact and is no photo, each by its kind and in words; a tap opens one. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { useLive, type Store } from "../../../store";
import { blobOf } from "../../../store/blobs";
import { Btn, Mark, navigate } from "../../../ui/index";
import { useStore } from "../../session/queries";
import type { FileItem } from "../file";
import { fileIcons, fileWords } from "../file-words";
import { fileSheet } from "../sheets";
import { Unsent } from "./photo";
import "./files.css";

interface FileStripProps {
  files: readonly FileItem[] | undefined;
  /** Whether what a signature stands under has changed since. */
  isStale: (signature: FileItem) => boolean;
}

export function FileStrip({ files = [], isStale }: FileStripProps): JSX.Element | null {
  const store = useStore();
  if (files.length === 0) return null;
  return (
    <ul class="files">
      {files.map((file) => (
        <li key={file.pk}>
          <Btn look="line" icon={fileIcons[file.kind]} onClick={() => navigate(fileSheet(file.pk))}>{fileWords(file)}</Btn>
          {file.kind === "signature" && isStale(file) && <Mark urgency="need" small>{t("sign.changed")}</Mark>}
          <Sent store={store} sha256={file.sha256} />
        </li>
      ))}
    </ul>
  );
}

function Sent({ store, sha256 }: { store: Store; sha256: string }): JSX.Element {
  const record = useLive(async () => (await blobOf(store, sha256)) ?? null, [store, sha256]);
  return <Unsent state={record?.state} refused={t("file.refused")} big />;
}
