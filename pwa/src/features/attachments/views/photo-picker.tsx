/** Adds photos to a form: from the camera or the gallery, each on this device before it is shown. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment, t } from "../../../i18n/index";
import { Icon, IconBtn, warn } from "../../../ui/index";
import { useStore } from "../../session/queries";
import { addPhoto, UnreadablePhoto } from "../commands";
import { thumbOf, type AddedPhoto } from "../model";
import { Picture } from "./photo";

interface PhotoPickerProps {
  photos: readonly AddedPhoto[];
  /** Gets the change, not the result: photos may be added while others still are. */
  onChange: (change: (photos: readonly AddedPhoto[]) => readonly AddedPhoto[]) => void;
}

export function PhotoPicker({ photos, onChange }: PhotoPickerProps): JSX.Element {
  const store = useStore();
  const [busy, setBusy] = useState(0);
  const add = async (file: File): Promise<void> => {
    setBusy((count) => count + 1);
    try {
      const photo = await addPhoto(store, file);
      onChange((old) => (old.some(({ sha256 }) => sha256 === photo.sha256) ? old : [...old, photo]));
    } catch (error) {
      if (!(error instanceof UnreadablePhoto)) throw error;
      warn(t("photo.failed"));
    } finally {
      setBusy((count) => count - 1);
    }
  };
  const remove = (photo: AddedPhoto): void => onChange((old) => old.filter(({ sha256 }) => sha256 !== photo.sha256));
  return (
    <div class="photos">
      {photos.map((photo) => (
        <span class="added" key={photo.sha256}>
          <Picture store={store} name={thumbOf(photo)} row={null} takenAt={photo.takenAt} />
          <IconBtn icon="x" label={t("photo.takeOut", { moment: moment(photo.takenAt) })} onClick={() => remove(photo)} />
        </span>
      ))}
      <label class="btn line">
        <Icon name="camera" size="s" />
        {t(busy > 0 ? "photo.busy" : "photo.add")}
        <input
          type="file"
          class="sr"
          accept="image/*"
          multiple
          onChange={(event) => {
            for (const file of event.currentTarget.files ?? []) void add(file);
            // The same file may be chosen again after it was taken out.
            event.currentTarget.value = "";
          }}
        />
      </label>
    </div>
  );
}
