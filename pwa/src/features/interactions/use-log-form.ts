/** The log form while it is being filled in: every keystroke is a draft, and a draft found on opening goes on where it was left. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { loadDraft, saveDraft, type Fields, type Store } from "../../store";
import { whenPainted } from "../../ui/index";
import type { AddedPhoto, VoiceForm } from "../attachments/commands";
import { customerOf, sitePoints } from "../customers/queries";
import { arrivedNow, locate } from "./check-in";
import { distance, type Point } from "./place";
import { emptyForm, isTouched, type Channel, type LogForm } from "./model";
import { draftKey } from "./draft-key";

interface Opening {
  readonly channel: Channel | null;
  readonly checkIn: boolean;
  readonly contactId: string;
  readonly beganAt: number | null;
}

interface Filling {
  /** Null until the draft has been looked for. */
  readonly form: LogForm | null;
  readonly savedAt: number | null;
  readonly change: Change;
  /** The form as it is by now, whatever is drawn; null once the sheet is closed. */
  readonly latest: () => LogForm | null;
  /** Takes a photo into the form, or into its draft if the sheet was closed meanwhile. */
  readonly take: (photo: AddedPhoto) => Promise<void>;
  /** The same for voice memos. */
  readonly voice: VoiceForm;
}

export type Change = (part: Partial<LogForm>) => void;

/** What changes of a form, as it is by then. */
type Part = (form: LogForm) => Partial<LogForm>;

/** The forms on the screen, by the person and customer that they belong to: what is added may have been begun in an earlier sheet. */
const opened = new Map<string, (change: Part) => void>();

export function useLogForm(store: Store, customerId: string, { channel, checkIn, contactId, beganAt }: Opening): Filling {
  const [form, setForm] = useState<LogForm | null>(null);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const latest = useRef<LogForm | null>(null);
  const change = useCallback<Change>((part) => {
    // The point of an arrival may come after Save: it must not bring the draft back.
    if (latest.current === null) return;
    latest.current = named({ ...latest.current, ...part }, customerId);
    keep(store, customerId, latest.current);
    setForm(latest.current);
    // What is chosen shows first; that it is kept stands in other places of the sheet, and waits for the frame after.
    whenPainted(() => latest.current !== null && setSavedAt(Date.now()));
  }, [store, customerId]);
  useEffect(() => {
    const id = idOf(store, customerId);
    const takeHere = (part: Part): void => {
      if (latest.current !== null) change(part(latest.current));
    };
    let isOpen = true;
    void readForm(store, customerId).then((kept) => {
      if (!isOpen) return;
      const started = named(kept ?? { ...emptyForm(channel ?? "visit", null, Date.now()), beganAt, contactIds: contactId === "" ? [] : [contactId] }, customerId);
      latest.current = started;
      opened.set(id, takeHere);
      setForm(started);
      if (kept !== null && isTouched(kept)) setSavedAt(Date.now());
      if (checkIn && started.checkIn === null) void arrive(store, customerId, change);
    });
    return () => {
      isOpen = false;
      latest.current = null;
      if (opened.get(id) === takeHere) opened.delete(id);
    };
  }, [store, customerId]);
  const take = (photo: AddedPhoto): Promise<void> => takePhoto(store, customerId, channel, photo);
  const voice = useMemo(() => voiceForm(store, customerId, channel), [store, customerId, channel]);
  return { form, savedAt, change, latest: () => latest.current, take, voice };
}

const idOf = ({ person }: Store, customerId: string): string => `${person} ${customerId}`;

const keep = (store: Store, customerId: string, form: LogForm): void => saveDraft(store, draftKey(customerId), form as unknown as Fields);

async function readForm(store: Store, customerId: string): Promise<LogForm | null> {
  const draft = await loadDraft(store, draftKey(customerId));
  if (draft === null) return null;
  const form = { ...emptyForm("visit", null, Date.now()), ...draft } as LogForm;
  // The page that was seeking the point is gone: one that is found later would be of another place.
  return form.checkIn?.missing === "seeking" ? { ...form, checkIn: { ...form.checkIn, missing: "unknown" } } : form;
}

/** Takes a photo into a customer's form: on the screen if it is there, else into the draft; without one it begins one, of the channel. */
export const takePhoto = (store: Store, customerId: string, channel: Channel | null, photo: AddedPhoto): Promise<void> =>
  takeInto(store, customerId, channel, (form) => withPhoto(form, photo));

/** Where the voice memos of a customer's form go, as its photos do. */
export const voiceForm = (store: Store, customerId: string, channel: Channel | null): VoiceForm => ({
  key: draftKey(customerId),
  keep: (recording) => takeInto(store, customerId, channel, () => ({ recording })),
  done: (memo) => takeInto(store, customerId, channel, ({ files }) => ({ recording: null, files: memo === null ? files : [...files, memo] })),
});

async function takeInto(store: Store, customerId: string, channel: Channel | null, part: Part): Promise<void> {
  const kept = await readForm(store, customerId);
  const takeHere = opened.get(idOf(store, customerId));
  if (takeHere !== undefined) return takeHere(part);
  const form = named(kept ?? emptyForm(channel ?? "visit", null, Date.now()), customerId);
  keep(store, customerId, { ...form, ...part(form) });
}

/** The same picture twice is one. */
const withPhoto = ({ photos }: LogForm, photo: AddedPhoto): Pick<LogForm, "photos"> =>
  ({ photos: [...photos.filter(({ sha256 }) => sha256 !== photo.sha256), photo] });

const named = (form: LogForm, customerId: string): LogForm => ({ ...form, customerName: customerOf(customerId)?.name ?? form.customerName });

/** The arrival counts from the tap; the point may come some seconds later, or never. */
export async function arrive(store: Store, customerId: string, change: Change): Promise<void> {
  const arrived = arrivedNow(Date.now());
  change({ checkIn: arrived });
  const found = await locate();
  const lost = typeof found === "string";
  change({ checkIn: lost ? { ...arrived, missing: found } : { ...arrived, ...found, distanceM: await fromNearest(store, customerId, found), missing: null } });
}

const fromNearest = async (store: Store, customerId: string, point: Point): Promise<number | null> => {
  const metres = (await sitePoints(store, customerId)).map((site) => distance(site, point));
  return metres.length === 0 ? null : Math.min(...metres);
};
