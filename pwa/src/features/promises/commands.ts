/** Writing a promise down, and saying that it was kept, dropped, or is open again after all. */
import { enqueue, newId, undo, type Change, type Editing, type Fields, type Store } from "../../store";
import { fieldsOfPromise, type PromiseForm } from "./form";
import { promiseDraftKey } from "./promise-draft";

export type { PromiseForm };
export type TakeBack = () => Promise<void>;

const OPEN: Fields = { state: "open", closed_at: null, closing_note: null, kept_interaction_id: null };

/** A promise as part of another act, such as the visit in which it was given. */
export const promised = (customerId: string, form: PromiseForm, interactionId: string | null, pk: string = newId()): Change => ({
  entity: "promise", pk, op: "create",
  fields: { ...fieldsOfPromise(form), ...OPEN, customer_id: customerId, interaction_id: interactionId, promised_at: Date.now() },
});

interface Recording {
  /** The id that a parked create had given its row. */
  readonly pk?: string;
  /** The parked mutation that this one replaces. */
  readonly mends?: string | undefined;
}

export function recordPromise(store: Store, customerId: string, form: PromiseForm, { pk, mends }: Recording = {}): Promise<TakeBack> {
  return write(store, mended(promised(customerId, form, null, pk), mends), promiseDraftKey(customerId, pk ?? null));
}

export function changePromise(store: Store, editing: Editing, form: PromiseForm, mends?: string): Promise<TakeBack> {
  const change: Change = { entity: "promise", pk: editing.pk, op: "patch", fields: fieldsOfPromise(form), editing };
  return write(store, mended(change, mends), promiseDraftKey("", editing.pk));
}

const mended = (change: Change, mends: string | undefined): Change => (mends === undefined ? change : { ...change, supersedes: mends });

/** It was done; with the contact by which it was, as part of the act that logs that. */
export const kept = (pk: string, interactionId: string | null = null): Change => closed(pk, { state: "kept", kept_interaction_id: interactionId });

export const keepPromise = (store: Store, pk: string): Promise<TakeBack> => write(store, kept(pk), promiseDraftKey("", pk));

/** It will not be done, and why. */
export const dropPromise = (store: Store, pk: string, reason: string): Promise<TakeBack> =>
  write(store, closed(pk, { state: "dropped", closing_note: reason }), promiseDraftKey("", pk));

export const reopenPromise = (store: Store, pk: string): Promise<TakeBack> => write(store, { entity: "promise", pk, op: "patch", fields: OPEN }, null);

/** How it ended is one answer: nothing of an earlier one stays. */
const closed = (pk: string, fields: Fields): Change => ({ entity: "promise", pk, op: "patch", fields: { ...OPEN, closed_at: Date.now(), ...fields } });

async function write(store: Store, change: Change, draft: string | null): Promise<TakeBack> {
  const saved = await enqueue(store, [change], draft === null ? {} : { draft });
  return async () => void (await undo(store, saved));
}
