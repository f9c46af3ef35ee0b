/** Saving what was logged: the contact itself, the planned touch it fulfils, what was promised and kept, and the next date, as one act that undo takes back whole. */
import { enqueueAll, newId, undo, type Change, type Store } from "../../store";
import { covers } from "../../sync/core/cadence";
import { attached, attachedFile, filesHere, type AddedFile } from "../attachments/commands";
import { isWhole } from "../promises/queries";
import { kept, promised } from "../promises/commands";
import { finished, planned, type TouchForm } from "../touches/commands";
import { currentDate, duesWith, isGrouped, touchIdOf, whenOf, type Due } from "../touches/queries";
import { draftKey } from "./draft-key";
import { fieldsOfForm, type LogForm } from "./model";
import { signedHash } from "./signing";

/**
 * The planned contacts that this one fulfils: the one the sheet was opened for, or the first that is due anyway and that its channel counts for;
 * and those of cadences that were put off, for they would ask again. Missing somebody fulfils nothing, nor is a greeting that many get meant.
 */
export function fulfilled(form: LogForm, customerId: string, touchId: string | null): Due[] {
  if (form.outcome === "missed") return [];
  const all = duesWith(customerId);
  const counted = all.filter((due) => !isGrouped(due) && whenOf(due, currentDate.value) !== "later" && covers(form.channel, due.channel));
  const first = touchId === null ? counted[0] : all.find((due) => touchIdOf(due) === touchId);
  const others = counted.filter((due) => due !== first && due.pk !== null && due.reason?.kind === "cadence");
  return first === undefined ? others : [first, ...others];
}

/**
 * Resolves when everything is durable on this device, with how to take it all back; throws with nothing written, the draft kept.
 * Each part is a txn of its own: whatever the office refuses about a plan must never hold back what already happened.
 */
export async function saveLog(store: Store, form: LogForm, customerId: string, touchId: string | null): Promise<() => Promise<void>> {
  const dues = fulfilled(form, customerId, touchId);
  const due = dues[0] ?? null;
  const pk = newId();
  const contact: Change = { entity: "interaction", pk, op: "create", fields: fieldsOfForm(form, customerId, due === null ? touchId : due.pk, Date.now()) };
  const done = dues.map((one) => [finished(store, one, pk)]);
  const next = form.nextOn === null ? [] : [[planned(customerId, nextTouch(store, form, due, form.nextOn))]];
  const photos = (await filesHere(store, form.photos)).map((photo) => [attached(customerId, pk, photo)]);
  const files = (await filesHere(store, countedFiles(form, customerId))).map((file) => [attachedFile(customerId, pk, file)]);
  const promises = form.promises.filter(isWhole).map((each) => [promised(customerId, { ...each, contactId: onlyOne(form) }, pk)]);
  const keptNow = form.kept.map((each) => [kept(each, pk)]);
  const saved = await enqueueAll(store, [[contact], ...photos, ...files, ...done, ...promises, ...keptNow, ...next], { draft: draftKey(customerId) });
  return async () => void (await undo(store, saved));
}

/** A signature under something else is none. */
const countedFiles = (form: LogForm, customerId: string): readonly AddedFile[] => {
  const now = signedHash(customerId, form);
  return form.files.filter(({ kind, signedHash: then }) => kind !== "signature" || then === now);
};

/** Whoever was met alone is whom it goes on with. */
const onlyOne = ({ contactIds }: LogForm): string | null => (contactIds.length === 1 ? (contactIds[0] ?? null) : null);

function nextTouch(store: Store, form: LogForm, due: Due | null, on: string): TouchForm {
  return {
    assigneeId: store.person,
    contactId: onlyOne(form),
    channel: due?.reason?.kind === "cadence" ? due.channel : form.channel,
    why: form.nextStep,
    fromOn: on,
    toOn: on,
    time: "",
  };
}
