/** The promise form while it is being filled in: every keystroke is a draft, and a draft found on opening goes on where it was left. */
import { useEffect, useState } from "preact/hooks";
import { beginEdit, getRow, loadDraft, saveDraft, type Editing, type Fields, type Row, type Store } from "../../store";
import { text } from "../../ui/values";
import { parkedItem, typedInto } from "../conflicts/queries";
import { calendarOf, dueFromNow, readCalendar } from "./calendar";
import type { PromiseForm } from "./form";
import { promisedOf, type Promised } from "./model";
import { wallNow } from "./now";
import { promiseDraftKey } from "./promise-draft";

export interface Opened {
  readonly customerId: string;
  /** What was seen at the start; null while there is no row at the office. */
  readonly editing: Editing | null;
  readonly form: PromiseForm;
}

export interface Asked {
  readonly customerId: string;
  readonly pk: string | null;
  /** The parked item that is mended. */
  readonly mend: string | null;
}

interface Filling {
  /** Null until it is read. */
  readonly opened: Opened | null;
  readonly isTyped: boolean;
  /** As it stands on this device; null for a new one. */
  readonly row: Promised | null;
  readonly change: (part: Partial<PromiseForm>) => void;
}

export function usePromiseForm(store: Store, asked: Asked): Filling {
  const [found, show] = useState<Found | null>(null);
  useEffect(() => void open(store, asked).then(show), [store, asked.customerId, asked.pk]);
  const change = (part: Partial<PromiseForm>): void => {
    if (found === null) return;
    const opened = { ...found.opened, form: { ...found.opened.form, ...part } };
    show({ ...found, opened, isDraft: true });
    saveDraft(store, promiseDraftKey(asked.customerId, asked.pk), opened as unknown as Fields);
  };
  return { opened: found?.opened ?? null, isTyped: found?.isDraft ?? false, row: found?.row ?? null, change };
}

interface Found {
  readonly opened: Opened;
  readonly row: Promised | null;
  readonly isDraft: boolean;
}

async function open(store: Store, { customerId, pk, mend }: Asked): Promise<Found> {
  const [draft, row] = [await loadDraft(store, promiseDraftKey(customerId, pk)), pk === null ? null : ((await getRow(store, "promise", pk)) ?? null)];
  const known = row === null ? null : promisedOf(row);
  if (draft !== null) return { opened: draft as unknown as Opened, row: known, isDraft: true };
  return { opened: await fresh(store, { customerId, pk, mend }, row), row: known, isDraft: false };
}

async function fresh(store: Store, { customerId, pk, mend }: Asked, row: Row | null): Promise<Opened> {
  const parked = mend === null ? null : parkedItem(mend);
  const isThere = pk !== null && row !== null && (row.rev !== null || parked?.op !== "create");
  const editing = isThere ? await beginEdit(store, "promise", pk) : null;
  const typed = { ...editing?.base, ...(parked === null ? {} : typedInto(parked)) };
  return { customerId, editing, form: formOf(typed, store.person, await usualDue(store)) };
}

type DueOf = Pick<PromiseForm, "dueOn" | "dueTime">;

async function usualDue(store: Store): Promise<DueOf> {
  const due = dueFromNow(calendarOf(await readCalendar(store)), wallNow.value);
  return { dueOn: due.due_on, dueTime: due.due_time ?? "" };
}

function formOf(fields: Fields, me: string, usual: DueOf): PromiseForm {
  const due = text(fields, "due_on") === "" ? usual : { dueOn: text(fields, "due_on"), dueTime: text(fields, "due_time") };
  return { what: text(fields, "what"), contactId: text(fields, "contact_id") || null, ownerId: text(fields, "owner_id") || me, ...due };
}
