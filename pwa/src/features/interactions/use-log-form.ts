/** The log form while it is being filled in: every keystroke is a draft, and a draft found on opening goes on where it was left. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { loadDraft, saveDraft, type Fields, type Store } from "../../store";
import { whenPainted } from "../../ui/index";
import { customerOf } from "../customers/queries";
import { arrivedNow, locate } from "./check-in";
import { emptyForm, isTouched, type Channel, type LogForm } from "./model";
import { draftKey } from "./draft-key";

interface Opening {
  readonly channel: Channel | null;
  readonly checkIn: boolean;
}

interface Filling {
  /** Null until the draft has been looked for. */
  readonly form: LogForm | null;
  readonly savedAt: number | null;
  readonly change: Change;
}

/** A part of the form, or what becomes of it: photos come one by one, each when it is ready. */
export type Change = (change: Partial<LogForm> | ((form: LogForm) => Partial<LogForm>)) => void;

export function useLogForm(store: Store, customerId: string, { channel, checkIn }: Opening): Filling {
  const [form, setForm] = useState<LogForm | null>(null);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const isOpen = useRef(true);
  const change = useCallback<Change>((part) => {
    // The point of an arrival may come after Save: it must not bring the draft back.
    if (!isOpen.current) return;
    setForm((old) => {
      if (old === null) return old;
      const next = named({ ...old, ...(typeof part === "function" ? part(old) : part) }, customerId);
      saveDraft(store, draftKey(customerId), next as unknown as Fields);
      return next;
    });
    // What is chosen shows first; that it is kept stands in other places of the sheet, and waits for the frame after.
    whenPainted(() => isOpen.current && setSavedAt(Date.now()));
  }, [store, customerId]);
  useEffect(() => {
    isOpen.current = true;
    void loadDraft(store, draftKey(customerId)).then((draft) => {
      if (!isOpen.current) return;
      const kept = draft === null ? null : ({ ...emptyForm("visit", null, Date.now()), ...draft } as LogForm);
      const started = kept ?? emptyForm(channel ?? "visit", null, Date.now());
      setForm(named(started, customerId));
      if (kept !== null && isTouched(kept)) setSavedAt(Date.now());
      if (checkIn && started.checkIn === null) void arrive(change);
    });
    return () => {
      isOpen.current = false;
    };
  }, [store, customerId]);
  return { form, savedAt, change };
}

const named = (form: LogForm, customerId: string): LogForm => ({ ...form, customerName: customerOf(customerId)?.name ?? form.customerName });

/** The arrival counts from the tap; the point may come some seconds later. */
export async function arrive(change: (part: Partial<LogForm>) => void): Promise<void> {
  const arrived = arrivedNow(Date.now());
  change({ checkIn: arrived });
  const point = await locate();
  if (point !== null) change({ checkIn: { ...arrived, ...point } });
}
