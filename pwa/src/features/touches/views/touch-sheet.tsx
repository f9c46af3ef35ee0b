/** Planning a contact: who, why, when, by which channel, and who does it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { addDays, day, t } from "../../../i18n/index";
import { beginEdit, getRow, loadDraft, saveDraft, type Editing, type Fields as Values, type Store } from "../../../store";
import { Btn, ChoiceChips, closeSheet, NoteField, say, SelectField, Sheet, sheetParam, TextField } from "../../../ui/index";
import { text } from "../../../ui/values";
import { useContacts } from "../../customers/queries";
import { AboutWhom, parkedItem, typedInto } from "../../conflicts/queries";
import { ColleagueField, colleagues } from "../../people/queries";
import { discardDraft } from "../../session/commands";
import { useMe, useStore } from "../../session/queries";
import { changeTouch, nextDates, planTouch, skipTouch, snoozeTouch, type TakeBack, type TouchForm } from "../commands";
import { channels, isChannel, isOccasion } from "../model";
import { touchDraftKey } from "../touch-draft";
import { cadenceFor, currentDate, duesWith, nextOf, reasonWords, touchIdOf, type Due } from "../queries";

interface Opened {
  readonly editing: Editing | null;
  readonly form: TouchForm;
}

export default function TouchSheet(): JSX.Element {
  const store = useStore();
  const [pk, mend] = [sheetParam("id"), sheetParam("mend")];
  const customerId = sheetParam("customer") ?? "";
  const [opened, setOpened] = useState<Opened | null>(null);
  const [saving, setSaving] = useState(false);
  const [isTyped, setTyped] = useState(false);
  const me = useMe();
  useEffect(() => {
    void open(store, customerId, pk, mend, me.id).then((found) => {
      setOpened(found.opened);
      setTyped(found.isDraft);
    });
  }, [store, customerId, pk]);
  const change = (part: Partial<TouchForm>): void => {
    if (opened === null) return;
    const next = { ...opened, form: { ...opened.form, ...part } };
    setOpened(next);
    setTyped(true);
    saveDraft(store, touchDraftKey(customerId, pk), { ...next, customerId } as unknown as Values);
  };
  const discard = async (): Promise<void> => {
    await discardDraft(store, touchDraftKey(customerId, pk));
    closeSheet();
  };
  const isValid = opened !== null && opened.form.toOn !== "" && opened.form.fromOn <= opened.form.toOn && opened.form.assigneeId !== "";
  const save = async (): Promise<void> => {
    if (opened === null || !isValid || saving) return;
    setSaving(true);
    try {
      const supersedes = mend ?? undefined;
      const undo = opened.editing === null ? await planTouch(store, customerId, opened.form, { ...(pk === null ? {} : { pk }), mends: supersedes }) : await changeTouch(store, opened.editing, opened.form, supersedes);
      closeSheet();
      say(t("touch.saved"), undo);
    } finally {
      setSaving(false);
    }
  };
  return (
    <Sheet
      title={t(opened?.editing === null || pk === null ? "touch.plan" : "touch.change")}
      closeLabel={t("log.close")}
      onClose={closeSheet}
      onSubmit={() => void save()}
      footer={<Btn look="primary" block submit disabled={!isValid || saving}>{t(pk === null ? "touch.save" : "touch.keep")}</Btn>}
    >
      {opened !== null && <Fields customerId={customerId} form={opened.form} change={change} isFaulty={mend !== null} />}
      {isTyped && <Btn look="text" late onClick={() => void discard()}>{t("draft.discard")}</Btn>}
      {mend === null && <NotThisTime customerId={customerId} pk={pk} />}
    </Sheet>
  );
}

const LATER_DAYS = 7;

/** What the sheet was opened for, though nobody acted on it yet, else what is due next. */
const dueAt = (customerId: string, pk: string | null): Due | undefined => (pk === null ? nextOf.value?.get(customerId) : duesWith(customerId).find((due) => touchIdOf(due) === pk));

/** What is due may also be put off, or left out this once; the cadence goes on by itself. */
function NotThisTime({ customerId, pk }: { customerId: string; pk: string | null }): JSX.Element | null {
  const store = useStore();
  const due = dueAt(customerId, pk);
  if (due === undefined) return null;
  const act = async (work: () => Promise<TakeBack>, said: string): Promise<void> => {
    const undo = await work();
    closeSheet();
    say(said, undo);
  };
  // A greeting a week later would be none.
  const n = isOccasion(due) ? 1 : LATER_DAYS;
  const until = addDays(currentDate.value, n);
  return (
    <div class="pair">
      <Btn look="line" onClick={() => void act(() => snoozeTouch(store, due, until), t("touch.snoozed", { day: day(until) }))}>{t("touch.snooze", { n })}</Btn>
      <Btn look="line" onClick={() => void act(() => skipTouch(store, due), t("touch.skipped"))}>{t("touch.skip")}</Btn>
    </div>
  );
}

function Fields({ customerId, form, change, isFaulty }: { customerId: string; form: TouchForm; change: (part: Partial<TouchForm>) => void; isFaulty: boolean }): JSX.Element {
  const contacts = useContacts(useStore(), customerId) ?? [];
  return (
    <>
      <AboutWhom customerId={customerId} />
      <ChoiceChips even label={t("log.channel")} value={form.channel} choices={channels.map((value) => ({ value, label: t(`channel.${value}`) }))} onChange={(channel) => change({ channel })} />
      <div class="pair">
        <TextField type="date" label={t("touch.from")} value={form.fromOn} onInput={(fromOn) => change({ fromOn, toOn: fromOn > form.toOn ? fromOn : form.toOn })} />
        <TextField type="date" label={t("touch.to")} value={form.toOn} onInput={(toOn) => change({ toOn, fromOn: toOn < form.fromOn ? toOn : form.fromOn })} />
      </div>
      <TextField type="time" label={t("touch.time")} optional value={form.time} onInput={(time) => change({ time })} />
      <SelectField
        label={t("touch.contact")}
        value={form.contactId ?? ""}
        onInput={(contactId) => change({ contactId: contactId === "" ? null : contactId })}
        options={[{ value: "", label: t("touch.anybody") }, ...contacts.map(({ pk, name, title }) => ({ value: pk, label: `${name} ${title}`.trim() }))]}
      />
      <ColleagueField label={t("touch.assignee")} people={colleagues.value} me={useMe().id} value={form.assigneeId} onInput={(assigneeId) => change({ assigneeId })} isFaulty={isFaulty} />
      <NoteField label={t("touch.why")} optional value={form.why} onInput={(why) => change({ why })} />
    </>
  );
}

async function open(store: Store, customerId: string, pk: string | null, mend: string | null, me: string): Promise<{ opened: Opened; isDraft: boolean }> {
  const draft = await loadDraft(store, touchDraftKey(customerId, pk));
  if (draft !== null) return { opened: draft as unknown as Opened, isDraft: true };
  const parked = mend === null ? null : parkedItem(mend);
  const asked = parked === null && pk !== null ? dueAt(customerId, pk) : undefined;
  if (asked?.ask != null) return { opened: { editing: null, form: formOf(fieldsOfAsk(asked), customerId, me) }, isDraft: false };
  const isServed = pk !== null && (await getRow(store, "touch", pk))?.rev != null;
  const editing = pk !== null && (isServed || parked?.op !== "create") ? await beginEdit(store, "touch", pk) : null;
  const opened = { editing, form: formOf({ ...editing?.base, ...(parked === null ? {} : typedInto(parked)) }, customerId, me) };
  return { opened, isDraft: false };
}

/** One that nobody acted on yet, as if it were a row. */
const fieldsOfAsk = (due: Due): Values => ({ channel: due.channel, contact_id: due.contactId, why: reasonWords(due), due_from_on: due.fromOn, due_to_on: due.toOn });

function formOf(fields: Values, customerId: string, me: string): TouchForm {
  const channel = text(fields, "channel");
  const cadence = cadenceFor(customerId);
  const toOn = text(fields, "due_to_on") || (nextDates(currentDate.value, cadence)[1] ?? currentDate.value);
  return {
    assigneeId: text(fields, "assignee_id") || me,
    contactId: text(fields, "contact_id") || sheetParam("contact"),
    channel: isChannel(channel) ? channel : (cadence?.channel ?? "call"),
    why: text(fields, "why"),
    fromOn: text(fields, "due_from_on") || toOn,
    toOn,
    time: text(fields, "due_time"),
  };
}
