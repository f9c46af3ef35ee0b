/** Logging a contact that happened: saved on the device before the screen says so. */
import { beginEdit, enqueue, newId, undo, type Enqueued, type Store } from "../../store";
import { reviseDraftKey } from "./correction";
import { draftKey } from "./draft-key";
import { fieldsOfForm, type LogForm } from "./model";

export interface Logged {
  readonly interactionId: string;
  readonly undo: () => Promise<void>;
}

/**
 * One txn for the contact alone: whatever is refused about the next touch must never hold back what already happened.
 */
export async function logInteraction(store: Store, form: LogForm, customerId: string, touchId: string | null): Promise<Logged> {
  const pk = newId();
  const fields = fieldsOfForm(form, customerId, touchId, Date.now());
  const saved = await enqueue(store, [{ entity: "interaction", pk, op: "create", fields }], { draft: draftKey(customerId) });
  return { interactionId: pk, undo: () => takeBack(store, saved) };
}

/** Its author strikes out a contact for good; the history keeps it. */
export async function voidInteraction(store: Store, pk: string): Promise<void> {
  const editing = await beginEdit(store, "interaction", pk);
  await enqueue(store, [{ entity: "interaction", pk, op: "void", editing }], { draft: reviseDraftKey(pk) });
}

async function takeBack(store: Store, saved: Enqueued): Promise<void> {
  await undo(store, saved);
}
