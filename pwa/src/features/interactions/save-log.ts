/** Saving what was logged: the contact itself, the planned touch it fulfils, and the next one, as one act that undo takes back whole. */
import { enqueueAll, newId, undo, type Change, type Store } from "../../store";
import { attached, attachedFile, filesHere, type AddedFile } from "../attachments/commands";
import { finished, planned, type TouchForm } from "../touches/commands";
import { currentDate, duesWith, nextOf, touchIdOf, whenOf, type Due } from "../touches/queries";
import { draftKey } from "./draft-key";
import { fieldsOfForm, type LogForm } from "./model";
import { signedHash } from "./signing";

/** The planned contact that this one fulfils: the one the sheet was opened for, or what is due anyway. Missing somebody fulfils nothing. */
export function fulfilled(form: LogForm, customerId: string, touchId: string | null): Due | null {
  if (form.outcome === "missed") return null;
  if (touchId !== null) return duesWith(customerId).find((due) => touchIdOf(due) === touchId) ?? null;
  const due = nextOf.value?.get(customerId);
  if (due === undefined) return null;
  return whenOf(due, currentDate.value) === "later" ? null : due;
}

/**
 * Resolves when everything is durable on this device, with how to take it all back; throws with nothing written, the draft kept.
 * Each part is a txn of its own: whatever the office refuses about a plan must never hold back what already happened.
 */
export async function saveLog(store: Store, form: LogForm, customerId: string, touchId: string | null): Promise<() => Promise<void>> {
  const due = fulfilled(form, customerId, touchId);
  const pk = newId();
  const contact: Change = { entity: "interaction", pk, op: "create", fields: fieldsOfForm(form, customerId, due === null ? touchId : due.pk, Date.now()) };
  const done = due === null ? [] : [[finished(store, due, pk)]];
  const next = form.nextOn === null ? [] : [[planned(customerId, nextTouch(store, form, due, form.nextOn))]];
  const photos = (await filesHere(store, form.photos)).map((photo) => [attached(customerId, pk, photo)]);
  const files = (await filesHere(store, countedFiles(form, customerId))).map((file) => [attachedFile(customerId, pk, file)]);
  const saved = await enqueueAll(store, [[contact], ...photos, ...files, ...done, ...next], { draft: draftKey(customerId) });
  return async () => void (await undo(store, saved));
}

/** A signature under something else is none. */
const countedFiles = (form: LogForm, customerId: string): readonly AddedFile[] => {
  const now = signedHash(customerId, form);
  return form.files.filter(({ kind, signedHash: then }) => kind !== "signature" || then === now);
};

function nextTouch(store: Store, form: LogForm, due: Due | null, on: string): TouchForm {
  return {
    assigneeId: store.person,
    contactId: form.contactIds.length === 1 ? (form.contactIds[0] ?? null) : null,
    channel: due?.reason?.kind === "cadence" ? due.channel : form.channel,
    why: form.nextStep,
    fromOn: on,
    toOn: on,
    time: "",
  };
}
