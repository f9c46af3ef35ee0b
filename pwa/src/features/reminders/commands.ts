/** Saying that notices have been read. */
import { enqueueAll, type Store } from "../../store";
import type { Notice } from "./model";

/** One act, however many there are. */
export async function markSeen(store: Store, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await enqueueAll(store, notices.map(({ pk }) => [{ entity: "notice", pk, op: "command", fields: { command: "see" } }]));
}
