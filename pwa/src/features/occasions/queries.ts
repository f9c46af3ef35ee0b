/** Which days are to be kept just now, and what became of each: joins after the first screen, since it reads every contact. */
import { computed, signal } from "@preact/signals";
import { language } from "../../i18n/index";
import { lightList, type LightList, type Row, type Store } from "../../store";
import { integer, text } from "../../ui/values";
import { contacts, customers, hasContacts, prepareContacts, type ContactLight, type CustomerLight } from "../customers/queries";
import { addProducer, currentDate, dayOfDue, isMine, memo, reasonWords, touchIdOf, touchOf, type Due, type Producer } from "../touches/queries";
import { comingOf, daysFrom, dueOf, dueOfFestival, type Coming, type OwnDay } from "./model";
import { isFor, rulesOf, yearlyOf, type Rule } from "./rules";

export { actedWords, awayWords, isOver } from "./words";
export { type Coming };

interface Lists {
  readonly rules: LightList<Row>;
  readonly anniversaries: LightList<OwnDay>;
}

const lists = signal<Lists | null>(null);

/** Lets occasions ask for contacts; called once for each open store. Returns how to stop. */
export function keepOccasions(store: Store): () => void {
  prepareContacts();
  const open = { rules: lightList(store, "occasion", (row) => row), anniversaries: lightList(store, "anniversary", anniversaryOf) };
  lists.value = open;
  let leave: (() => void) | null = null;
  // What was shown last stands until all of it has been read.
  const stop = isRead.subscribe((known) => {
    if (known) leave ??= addProducer(producer);
  });
  return () => {
    stop();
    leave?.();
    open.rules.close();
    open.anniversaries.close();
    lists.value = null;
  };
}

const anniversaryOf = ({ pk, fields }: Row): OwnDay => ({
  source: pk,
  customerId: text(fields, "customer_id"),
  contactId: text(fields, "contact_id"),
  kind: "anniversary",
  label: text(fields, "label"),
  yearly: yearlyOf(text(fields, "calendar"), integer(fields, "month"), integer(fields, "day")),
  year: integer(fields, "year"),
});

/** Whether all of it has been read once. */
const isRead = computed(() => hasContacts.value && lists.value?.rules.items.value != null && lists.value.anniversaries.items.value !== null);

const rules = computed(() => rulesOf(lists.value?.rules.items.value ?? [], language()));

const bornOn = memo(({ pk, customerId, name, birthday }: ContactLight): OwnDay | null =>
  birthday === null ? null : { source: pk, customerId, contactId: pk, kind: "birthday", label: name, yearly: yearlyOf(birthday.calendar, birthday.month, birthday.day), year: birthday.year },
);

/** Every birthday and anniversary on this device. */
const ownDays = computed<readonly OwnDay[]>(() => [...contacts.value.flatMap((contact) => bornOn(contact) ?? []), ...(lists.value?.anniversaries.items.value ?? [])]);

interface Asking {
  readonly rule: Rule;
  readonly due: Due;
}

/** What the days of single customers ask for now, by customer. */
const ownDues = computed<ReadonlyMap<string, readonly Asking[]>>(() => {
  const date = currentDate.value;
  const dayOf = daysFrom(date);
  const ruleOf = new Map(rules.value.map((rule) => [rule.kind, rule]));
  const asking = new Map<string, readonly Asking[]>();
  for (const day of ownDays.value) {
    const [rule, on] = [ruleOf.get(day.kind), dayOf(day.yearly)];
    const due = rule === undefined || on === null ? null : dueOf(day, rule, on, date);
    if (rule !== undefined && due !== null) asking.set(due.customerId, [...(asking.get(due.customerId) ?? []), { rule, due }]);
  }
  return asking;
});

interface Festival {
  readonly rule: Rule;
  readonly dueWith: (customer: CustomerLight) => Due;
}

/** The days that many customers share and that are to be kept now. */
const festivals = computed<readonly Festival[]>(() => {
  const date = currentDate.value;
  const dayOf = daysFrom(date);
  return rules.value.flatMap((rule) => {
    const on = rule.yearly === null ? null : dayOf(rule.yearly);
    const due = on === null ? null : dueOfFestival(rule, on, date);
    return due === null ? [] : [{ rule, dueWith: memo(({ pk }: CustomerLight) => ({ ...due, customerId: pk })) }];
  });
});

const producer = computed<Producer>(() => {
  const [own, shared] = [ownDues.value, festivals.value];
  return { duesOf: ({ customer, settled }) => askedOf(customer, own, shared).filter(({ ask }) => ask !== null && settled(ask.source, ask.on) === "none"), reasonOf: () => null };
});

const NOTHING: readonly Asking[] = [];
const NONE: readonly Due[] = [];

/** All that is to be kept with a customer now, whether or not somebody has acted. */
function askedOf(customer: CustomerLight, own: ReadonlyMap<string, readonly Asking[]>, shared: readonly Festival[]): readonly Due[] {
  const mine = own.get(customer.pk) ?? NOTHING;
  if (mine.length + shared.length === 0) return NONE;
  const [days, greeted] = [mine.filter(({ rule }) => isFor(rule, customer)), shared.filter(({ rule }) => isFor(rule, customer))];
  return [...days.map(({ due }) => due), ...greeted.map(({ dueWith }) => dueWith(customer))];
}

/** One day that is kept now, with what became of it. */
export interface Entry {
  readonly touchId: string;
  readonly customer: CustomerLight;
  readonly due: Due;
  /** 王建宏生日 */
  readonly words: string;
  /** Null while nobody has acted. */
  readonly touch: Row | null;
}

const entryOf = (customer: CustomerLight, due: Due): Entry => {
  const touchId = touchIdOf(due);
  return { touchId, customer, due, words: reasonWords(due), touch: touchOf(touchId) };
};

/** What the signed-in person and the colleagues of the same patch keep now, the nearest day first; undefined until it is known. */
export const entriesNow = computed<readonly Entry[] | undefined>(() => {
  const [known, mine] = [customers.value, isMine.value];
  if (known === undefined || mine === undefined || !isRead.value) return undefined;
  const entries = known.flatMap((customer) => askedOf(customer, ownDues.value, festivals.value).filter(mine).map((due) => entryOf(customer, due)));
  return entries.sort((a, b) => (dayOfDue(a.due) < dayOfDue(b.due) ? -1 : 1));
});

/** What is kept now with one customer. */
export function entriesWith(customer: CustomerLight): readonly Entry[] {
  return isRead.value ? askedOf(customer, ownDues.value, festivals.value).map((due) => entryOf(customer, due)) : [];
}

/** Days of one customer that come next, as soon as all are read. */
export const comingWith = (customerId: string): readonly Coming[] => comingOf(ownDays.value.filter((day) => day.customerId === customerId), currentDate.value);
