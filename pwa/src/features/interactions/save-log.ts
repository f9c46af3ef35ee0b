/** Saving what was logged: the contact itself, the planned touch it fulfils, and the next one; undo takes back all of it. */
import type { Store } from "../../store";
import { finishTouch, planTouch } from "../touches/commands";
import { currentDate, nextOf, whenOf, type Due } from "../touches/queries";
import { logInteraction } from "./commands";
import type { LogForm } from "./model";

/** The planned contact that this one fulfils: the one the sheet was opened for, or what is due anyway. Missing somebody fulfils nothing. */
export function fulfilled(form: LogForm, customerId: string, touchId: string | null): Due | null {
  const due = nextOf.value?.get(customerId);
  if (due === undefined || form.outcome === "missed") return null;
  if (touchId !== null) return due.pk === touchId ? due : null;
  return whenOf(due, currentDate.value) === "later" ? null : due;
}

/** Resolves when everything is durable on this device, with how to take it all back. */
export async function saveLog(store: Store, form: LogForm, customerId: string, touchId: string | null): Promise<() => Promise<void>> {
  const due = fulfilled(form, customerId, touchId);
  const logged = await logInteraction(store, form, customerId, due?.pk ?? touchId);
  const undos = [logged.undo];
  if (due !== null) undos.push(await finishTouch(store, due, logged.interactionId));
  if (form.nextOn !== null) undos.push(await planTouch(store, customerId, nextTouch(store, form, due, form.nextOn), { draft: null }));
  return async () => {
    for (const undo of undos.reverse()) await undo();
  };
}

function nextTouch(store: Store, form: LogForm, due: Due | null, on: string): Parameters<typeof planTouch>[2] {
  return {
    assigneeId: store.person,
    contactId: form.contactIds.length === 1 ? (form.contactIds[0] ?? null) : null,
    channel: due?.cadence?.channel ?? form.channel,
    why: form.nextStep,
    fromOn: on,
    toOn: on,
    time: "",
  };
}
