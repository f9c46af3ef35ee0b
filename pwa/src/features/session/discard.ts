/** Throwing away what was half typed: only when asked, and with a way back. */
import { dropDraft, loadDraft, saveDraft, type Store } from "../../store";
import { t } from "../../i18n/index";
import { say } from "../../ui/index";

export async function discardDraft(store: Store, key: string): Promise<void> {
  const draft = await loadDraft(store, key);
  await dropDraft(store, key);
  if (draft === null) return;
  say(t("draft.discarded"), () => Promise.resolve(saveDraft(store, key, draft)));
}
