/** Reads of the photos beside a customer's contacts, and the views that other features show them with. */
import { getChildren, useLive, type Store } from "../../store";
import { byInteraction, type Photo } from "./model";

export { PhotoPicker } from "./views/photo-picker";
export { PhotoStrip } from "./views/photo-strip";
export type { Photo };

const MOST = 500;

/** The photos of one customer by the contact that they belong to. */
export const usePhotos = (store: Store, customerId: string): ReadonlyMap<string, readonly Photo[]> | undefined =>
  useLive(async () => byInteraction(await getChildren(store, "attachment", customerId, { limit: MOST })), [store, customerId]);
