/** Reads of the photos and files beside a customer's contacts, and the views that other features show them with. */
import { getChildren, useLive, type Store } from "../../store";
import { filesByInteraction, type FileItem } from "./file";
import { byInteraction, type Photo } from "./model";

export { PhotoPicker } from "./views/photo-picker";
export { FileStrip } from "./views/file-strip";
export { SignaturePad } from "./views/signature-pad";
export { VoiceMemos } from "./views/voice-memos";
export { PhotoStrip } from "./views/photo-strip";
export type { FileItem, Photo };

const MOST = 500;

export interface Beside {
  readonly photos: ReadonlyMap<string, readonly Photo[]>;
  readonly files: ReadonlyMap<string, readonly FileItem[]>;
}

/** The photos and files of one customer by the contact that they belong to. */
export const useBeside = (store: Store, customerId: string): Beside | undefined =>
  useLive(async () => {
    const rows = await getChildren(store, "attachment", customerId, { limit: MOST });
    return { photos: byInteraction(rows), files: filesByInteraction(rows) };
  }, [store, customerId]);
