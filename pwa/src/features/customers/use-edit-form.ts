/** An edit form while it is filled in: what was seen at the start is kept with the draft, so that a later pull cannot overwrite in silence. */
import { useEffect, useState } from "preact/hooks";
import { beginEdit, dropDraft, loadDraft, saveDraft, type Editing, type Fields, type Store } from "../../store";
import { editDraftKey } from "./edit-draft";
import { typedOf, wantedOf, type EditedEntity, type Typed } from "./form";

interface Kept {
  readonly editing: Editing | null;
  readonly typed: Typed;
}

export interface EditForm {
  /** Null until read. */
  readonly kept: Kept | null;
  readonly isGone: boolean;
  readonly savedAt: number | null;
  readonly set: (name: string, value: Typed[string]) => void;
}

/** Whom the form is about, and what stands in it at first. */
interface Subject {
  readonly entity: EditedEntity;
  readonly customerId: string;
  readonly pk: string | null;
  /** What the person had typed already: in a parked mutation that is to be mended, or in the search box. */
  readonly typedBefore: Fields | null;
  /** A create was parked: unless the server has the row by now, it is created again and not patched. */
  readonly mendsCreate: boolean;
}

export function useEditForm(store: Store, subject: Subject): EditForm {
  const { entity, customerId, pk } = subject;
  const [kept, keep] = useState<Kept | null>(null);
  const [isGone, setGone] = useState(false);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const key = editDraftKey(entity, customerId, pk);
  useEffect(() => {
    void openForm(store, subject, key).then((opened) => {
      if (opened === null) return setGone(true);
      keep(opened.kept);
      if (opened.isDraft) setSavedAt(Date.now());
    });
  }, [store, key]);
  const set = (name: string, value: Typed[string]): void => {
    if (kept === null) return;
    const next = { ...kept, typed: { ...kept.typed, [name]: value } };
    keep(next);
    if (differs(entity, next)) {
      saveDraft(store, key, next as unknown as Fields);
      setSavedAt(Date.now());
    } else {
      // Typed back to what it was: there is nothing left to remember.
      void dropDraft(store, key);
      setSavedAt(null);
    }
  };
  return { kept, isGone, savedAt, set };
}

function differs(entity: EditedEntity, { editing, typed }: Kept): boolean {
  return JSON.stringify(wantedOf(entity, typed)) !== JSON.stringify(wantedOf(entity, typedOf(entity, editing?.base ?? {})));
}

/** What the form shows at first: a draft, or the row as it is seen now. Null when the row is gone and nothing was typed. */
export async function openForm(store: Store, { entity, pk, typedBefore, mendsCreate }: Subject, key: string): Promise<{ kept: Kept; isDraft: boolean } | null> {
  const draft = await loadDraft(store, key);
  if (draft !== null) return { kept: draft as unknown as Kept, isDraft: true };
  const seen = pk === null ? null : await beginEdit(store, entity, pk).catch(() => null);
  const editing = mendsCreate && seen?.seenRev === null ? null : seen;
  if (pk !== null && editing === null && typedBefore === null) return null;
  return { kept: { editing, typed: typedOf(entity, { ...editing?.base, ...typedBefore }) }, isDraft: false };
}
