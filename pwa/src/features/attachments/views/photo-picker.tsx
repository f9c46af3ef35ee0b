/** Adds photos to a form: from the camera or the gallery, each on this device before it is shown. */
import type { JSX } from "preact";
import { moment, t } from "../../../i18n/index";
import { Icon, IconBtn, warn } from "../../../ui/index";
import { useStore } from "../../session/queries";
import { addPhotos, countAdding, UnreadablePhoto, type PhotoForm } from "../commands";
import { thumbOf, type AddedPhoto } from "../model";
import { Picture } from "./photo";

interface PhotoPickerProps {
  form: PhotoForm;
  photos: readonly AddedPhoto[];
  onTakeOut: (photo: AddedPhoto) => void;
  /** While the form is being saved: what came now would come too late. */
  disabled: boolean;
}

export function PhotoPicker({ form, photos, onTakeOut, disabled }: PhotoPickerProps): JSX.Element {
  const store = useStore();
  const add = async (files: readonly File[]): Promise<void> => {
    try {
      await addPhotos(store, form, files);
    } catch (error) {
      if (!(error instanceof UnreadablePhoto)) throw error;
      warn(t("photo.failed"));
    }
  };
  return (
    <div class="photos">
      {photos.map((photo) => (
        <span class="added" key={photo.sha256}>
          <Picture store={store} name={thumbOf(photo)} row={null} takenAt={photo.takenAt} />
          <IconBtn icon="x" label={t("photo.takeOut", { moment: moment(photo.takenAt) })} onClick={() => onTakeOut(photo)} />
        </span>
      ))}
      <label class="btn line">
        <Icon name="camera" size="s" />
        {t(countAdding(store, form.key) > 0 ? "photo.busy" : "photo.add")}
        <input
          type="file"
          class="sr"
          accept="image/*"
          multiple
          disabled={disabled}
          onChange={(event) => {
            void add([...(event.currentTarget.files ?? [])]);
            // The same file may be chosen again after it was taken out.
            event.currentTarget.value = "";
          }}
        />
      </label>
    </div>
  );
}
