/** Striking out what was logged. Logging itself is save-log.ts, correcting revise.ts. */
import { enqueue, type Store } from "../../store";
import { reviseDraftKey } from "./revise-draft";

/** Its author strikes out a contact for good; the history keeps it. */
export async function voidInteraction(store: Store, pk: string): Promise<void> {
  await enqueue(store, [{ entity: "interaction", pk, op: "void" }], { draft: reviseDraftKey(pk) });
}
