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

/** `typedBefore` is what the person had typed in a parked mutation that is to be mended. */
export function useEditForm(store: Store, entity: EditedEntity, customerId: string, pk: string | null, typedBefore: Fields | null): EditForm {
  const [kept, keep] = useState<Kept | null>(null);
  const [isGone, setGone] = useState(false);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const key = editDraftKey(entity, customerId, pk);
  useEffect(() => {
    void open(store, entity, pk, key, typedBefore).then((opened) => {
      if (opened === null) return setGone(true);
      keep(opened);
      if (differs(entity, opened)) setSavedAt(Date.now());
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

async function open(store: Store, entity: EditedEntity, pk: string | null, key: string, typedBefore: Fields | null): Promise<Kept | null> {
  const draft = await loadDraft(store, key);
  if (draft !== null) return draft as unknown as Kept;
  const editing = pk === null ? null : await beginEdit(store, entity, pk).catch(() => null);
  if (pk !== null && editing === null && typedBefore === null) return null;
  return { editing, typed: typedOf(entity, { ...editing?.base, ...typedBefore }) };
}
