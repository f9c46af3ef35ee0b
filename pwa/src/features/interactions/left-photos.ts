/** Goes on, at the start, with photos that a page was making small when it was killed. */
import { t, wholeLanguage } from "../../i18n/index";
import type { Store } from "../../store";
import { warn } from "../../ui/index";
import { addLeft, UnreadablePhoto, type PhotoForm } from "../attachments/commands";
import { logDraftCustomer } from "./draft-key";
import { takePhoto } from "./use-log-form";

export async function takeLeftPhotos(store: Store): Promise<void> {
  try {
    await addLeft(store, (key) => formOf(store, key));
  } catch (error) {
    if (!(error instanceof UnreadablePhoto)) throw error;
    await wholeLanguage();
    warn(t("photo.failed"));
  }
}

function formOf(store: Store, key: string): PhotoForm | null {
  const customerId = logDraftCustomer(key);
  return customerId === null ? null : { key, take: (photo) => takePhoto(store, customerId, null, photo) };
}
