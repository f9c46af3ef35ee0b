/** One picture in a frame: itself, or in words why it is not here. */
import type { JSX } from "preact";
import { moment, t } from "../../../i18n/index";
import type { Store } from "../../../store";
import type { BlobName } from "../../../store/blobs";
import { Icon } from "../../../ui/index";
import { useBlob } from "../use-blob";
import "./photos.css";

interface PictureProps {
  store: Store;
  name: BlobName;
  row: readonly [entity: string, pk: string] | null;
  takenAt: number;
  /** The whole photo instead of the small one. */
  big?: boolean;
}

export function Picture({ store, name, row, takenAt, big = false }: PictureProps): JSX.Element {
  const { url, state, isGone } = useBlob(store, name, row);
  const alt = t("photo.alt", { moment: moment(takenAt) });
  if (url !== null) {
    return (
      <span class={big ? "photo big" : "photo"}>
        <img src={url} alt={alt} />
        <Unsent state={state} refused={t("photo.refused")} big={big} />
      </span>
    );
  }
  return (
    <span class={big ? "photo big empty" : "photo empty"}>
      <Icon name="camera" size="s" />
      <span class={big ? "note" : "sr"}>{isGone ? t("photo.gone") : state === "wanted" ? t("photo.onItsWay") : alt}</span>
    </span>
  );
}

/** Shape and word: a file that only this device has, or that the server will not keep. */
export function Unsent({ state, refused, big }: { state: string | undefined; refused: string; big: boolean }): JSX.Element | null {
  if (state !== "waiting" && state !== "refused") return null;
  return (
    <span class={state === "refused" ? "mark sm need" : "mark sm"}>
      <Icon name={state === "refused" ? "need" : "pending"} />
      <span class={big ? "" : "sr"}>{state === "refused" ? refused : t("photo.waiting")}</span>
    </span>
  );
}
