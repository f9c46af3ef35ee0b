/** Planning the next contact, and saying that one is done, skipped or put off. */
import { enqueue, newId, undo, type Change, type Editing, type Fields, type Store } from "../../store";
import { addDays, daysBetween } from "../../i18n/index";
import { generatedPk, nextWindow } from "../../sync/core/window";
import type { Cadence } from "./cadence";
import type { Due } from "./model";
import { touchDraftKey } from "./touch-draft";

/** What the plan sheet asks for. */
export interface TouchForm {
  readonly assigneeId: string;
  readonly contactId: string | null;
  readonly channel: Due["channel"];
  readonly why: string;
  readonly fromOn: string;
  readonly toOn: string;
  readonly time: string;
}

export type TakeBack = () => Promise<void>;

export function fieldsOfTouch(form: TouchForm): Fields {
  return {
    assignee_id: form.assigneeId,
    contact_id: form.contactId,
    channel: form.channel,
    why: form.why.trim() === "" ? null : form.why,
    due_from_on: form.fromOn,
    due_to_on: form.toOn,
    due_time: form.time === "" ? null : form.time,
  };
}

interface Planning {
  /** The id that a parked create had given its row. */
  readonly pk?: string;
  /** The parked mutation that this one replaces. */
  readonly mends?: string | undefined;
  /** The draft that it came from, when that is not the plan sheet's. */
  readonly draft?: string;
}

const HALF_MOST = 7;

/** Dates offered for the next contact: tomorrow, about half way, and the last day that the cadence allows. */
export function nextDates(today: string, cadence: Cadence | null): string[] {
  const { due_to_on: latest } = cadence === null ? nextWindow(today, 14, 0) : nextWindow(today, cadence.everyDays, cadence.leadDays);
  const halfWay = Math.min(HALF_MOST, Math.ceil(daysBetween(today, latest) / 2));
  return [...new Set([addDays(today, 1), nextWindow(today, Math.max(1, halfWay), 0).due_to_on, latest])].sort();
}

/** A new planned contact. */
export async function planTouch(store: Store, customerId: string, form: TouchForm, { pk, mends, draft = touchDraftKey(customerId, pk ?? null) }: Planning = {}): Promise<TakeBack> {
  const change = planned(customerId, form, pk);
  return write(store, mends === undefined ? change : { ...change, supersedes: mends }, draft);
}

/** The same as part of another act. */
export const planned = (customerId: string, form: TouchForm, pk: string = newId()): Change => ({
  entity: "touch", pk, op: "create", fields: { ...fieldsOfTouch(form), customer_id: customerId, state: "open" },
});

export async function changeTouch(store: Store, editing: Editing, form: TouchForm, mends?: string): Promise<TakeBack> {
  const change: Change = { entity: "touch", pk: editing.pk, op: "patch", fields: fieldsOfTouch(form), editing };
  return write(store, mends === undefined ? change : { ...change, supersedes: mends }, touchDraftKey("", editing.pk));
}

/** The contact has happened: the planned touch is done by it, as part of the act that logs it. */
export const finished = (store: Store, due: Due, interactionId: string): Change =>
  settled(store, due, { state: "done", done_interaction_id: interactionId });

/** Done without anything to log, as a greeting is. */
export async function completeTouch(store: Store, due: Due): Promise<TakeBack> {
  return write(store, settled(store, due, { state: "done" }));
}

/** Not this time; the cadence goes on from the last contact. */
export async function skipTouch(store: Store, due: Due): Promise<TakeBack> {
  return write(store, settled(store, due, { state: "skipped" }));
}

export async function snoozeTouch(store: Store, due: Due, untilOn: string): Promise<TakeBack> {
  return write(store, settled(store, due, { snoozed_until_on: untilOn }));
}

/** One that nobody planned becomes a row only now. */
function settled(store: Store, due: Due, fields: Fields): Change {
  if (due.pk !== null) return { entity: "touch", pk: due.pk, op: "patch", fields };
  if (due.ask === null) throw new Error("without a row something must ask for it");
  // Every device computes the same id, so that two people who act on it make one row.
  const pk = generatedPk(due.ask.source, due.customerId, due.ask.on);
  return { entity: "touch", pk, op: "create", fields: { ...generated(store, due), ...due.ask.fields, ...fields } };
}

const generated = (store: Store, due: Due): Fields => ({
  customer_id: due.customerId,
  assignee_id: store.person,
  contact_id: due.contactId === "" ? null : due.contactId,
  channel: due.channel,
  state: "open",
  due_from_on: due.fromOn,
  due_to_on: due.toOn,
});

async function write(store: Store, change: Change, draft: string | null = null): Promise<TakeBack> {
  const saved = await enqueue(store, [change], draft === null ? {} : { draft });
  return async () => void (await undo(store, saved));
}
