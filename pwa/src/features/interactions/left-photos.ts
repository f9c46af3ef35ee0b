/** Goes on, at the start, with photos that a page was making small when it was killed. */
import { t, wholeLanguage } from "../../i18n/index";
import type { Store } from "../../store";
import { warn } from "../../ui/index";
import { addLeft, UnreadablePhoto, type PhotoForm } from "../attachments/commands";
import { logDraftCustomer } from "./draft-key";
import { takePhoto } from "./use-log-form";

/** Resolves with why some are not in their drafts, each reason once; of those that cannot be opened it is said here. */
export async function takeLeftPhotos(store: Store): Promise<unknown[]> {
  const failed = await addLeft(store, (key) => formOf(store, key));
  const others = failed.filter((error) => !(error instanceof UnreadablePhoto));
  if (others.length < failed.length) {
    await wholeLanguage();
    warn(t("photo.failed"));
  }
  return others;
}

function formOf(store: Store, key: string): PhotoForm | null {
  const customerId = logDraftCustomer(key);
  return customerId === null ? null : { key, take: (photo) => takePhoto(store, customerId, null, photo) };
}
