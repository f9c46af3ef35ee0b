/** The photos of one contact, small, in a row; a tap opens one. */
import type { JSX } from "preact";
import { navigate } from "../../../ui/index";
import { useStore } from "../../session/queries";
import { thumbOf, type Photo } from "../model";
import { photoSheet } from "../sheets";
import { Picture } from "./photo";

export function PhotoStrip({ photos = [] }: { photos: readonly Photo[] | undefined }): JSX.Element | null {
  const store = useStore();
  if (photos.length === 0) return null;
  return (
    <ul class="photos">
      {photos.map((photo) => (
        <li key={photo.pk}>
          <button type="button" onClick={() => navigate(photoSheet(photo.pk))}>
            <Picture store={store} name={thumbOf(photo)} row={["attachment", photo.pk]} takenAt={photo.takenAt} />
          </button>
        </li>
      ))}
    </ul>
  );
}
