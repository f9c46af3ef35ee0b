/** The inbox of the signed-in person, for its screen and for the marks that count what is new. */
import { computed, effect, signal } from "@preact/signals";
import { lightList, type LightList, type Store } from "../../store";
import { inOrder, noticeOf, type Notice } from "./model";
import { unread } from "./unread";

export { unread };
export type { Notice };

export const inboxPath = "/inbox";
export const remindersPath = "/me/reminders";

const list = signal<LightList<Notice> | null>(null);

/** Keeps the inbox in step with the database; called once for each open store. Returns how to stop. */
export function keepNotices(store: Store): () => void {
  const open = lightList(store, "notice", noticeOf);
  list.value = open;
  const stop = effect(() => void (unread.value = (notices.value ?? []).filter(({ isSeen }) => !isSeen).length));
  return () => {
    stop();
    open.close();
    unread.value = 0;
    list.value = null;
  };
}

/** The newest first; undefined until read once. */
export const notices = computed<readonly Notice[] | undefined>(() => {
  const all = list.value?.items.value;
  return all == null ? undefined : inOrder(all, Date.now());
});
