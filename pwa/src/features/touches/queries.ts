/** Who should be contacted next: one list in memory, kept from planned touches, cadences and last contacts. */
import { computed, effect, signal } from "@preact/signals";
import { lightList, watch, type LightList, type Row, type Store } from "../../store";
import { today, zone } from "../../i18n/index";
import { CHANNELS, type Contacts } from "../../sync/core/cadence";
import { customerOf, customers, type CustomerLight } from "../customers/queries";
import { unsentContacts } from "../interactions/queries";
import type { Cadence } from "./cadence";
import { asBefore, daysLate, dueOfTouch, groupsOf, isChannel, isGrouped, isOccasion, leadOf, sortByUrgency, strongestFirst, whenOf, works, type Due, type Group, type Reason, type When } from "./model";
import { promises } from "../promises/queries";
import { memo } from "./memo";
import { addedProducers, type Producer } from "./producers";

export { DueRow } from "./views/due-row";
export { alsoWords, DueMark, dueWords, reasonWords, urgencyOf } from "./words";
export { occasionsPath, touchSheet } from "./sheets";
export { addProducer, type Known, type Producer, type SettledOf } from "./producers";
export { memo } from "./memo";
export type { Channel } from "./model";
export { daysLate, isChannel, isGrouped, whenOf, works, type Cadence, type Due, type Reason, type When };

interface Lists {
  readonly person: string;
  readonly touches: LightList<Row>;
  readonly cadences: LightList<Row>;
  readonly territories: LightList<Row>;
}

type Rules = typeof import("./rules");

const rules = signal<Rules | null>(null);
const RETRY_MS = 5000;

/** Without them nothing is ever due: where the app is not kept on the device yet and the network fails, they are asked for again. */
const fetchRules = (): void => void import("./rules").then((all) => (rules.value = all), () => setTimeout(fetchRules, RETRY_MS));

const lists = signal<Lists | null>(null);
/** Customer id to the instants of contacts that are only on this device. */
const unsent = signal<ReadonlyMap<string, Contacts>>(new Map());
/** The company's calendar date, known once lists are kept; moves at midnight. */
export const currentDate = signal("");

/** Keeps the list in step with the database and the calendar; called once for each open store. Returns how to stop. */
export function keepTouches(store: Store): () => void {
  const open: Lists = {
    person: store.person,
    touches: lightList(store, "touch", (row) => row),
    cadences: lightList(store, "cadence", (row) => row),
    territories: lightList(store, "territory", (row) => row),
  };
  lists.value = open;
  fetchRules();
  const stopUnsent = watch(() => unsentContacts(store), (found) => (unsent.value = found), (error) => {
    if (!store.closed) throw error;
  });
  const stopDate = effect(() => void (zone.value, (currentDate.value = today())));
  const timer = setInterval(() => (currentDate.value = today()), 30_000);
  return () => {
    for (const list of [open.touches, open.cadences, open.territories]) list.close();
    stopUnsent();
    stopDate();
    clearInterval(timer);
    lists.value = null;
  };
}

interface Basis {
  readonly person: string;
  readonly touches: readonly Row[];
  readonly cadences: readonly Row[];
  readonly rules: Rules;
  readonly territories: readonly Row[];
  readonly unsent: ReadonlyMap<string, Contacts>;
}

/** Undefined until every list has been read once. */
export const basis = computed<Basis | undefined>(() => {
  const [open, known] = [lists.value, rules.value];
  const [touches, cadences, territories] = [open?.touches.items.value, open?.cadences.items.value, open?.territories.items.value];
  if (open === null || known === null || touches == null || cadences == null || territories == null) return undefined;
  return { person: open.person, rules: known, touches, cadences, territories, unsent: unsent.value };
});

/** Whether everything that Today shows has been read once. */
export const isRead = computed(() => basis.value !== undefined && customers.value !== undefined && promises.value !== undefined);

const cadenceRows = computed(() => basis.value?.cadences);

const cadences = computed<readonly Cadence[]>(() => {
  const known = rules.value;
  return known === null ? [] : (cadenceRows.value ?? []).map(known.cadenceOf);
});

/** What a customer is asked for by on the strongest channel: the next contact of any kind should not be later. */
export function cadenceFor(customerId: string): Cadence | null {
  const customer = customerOf(customerId);
  return customer === null ? null : (rules.value?.cadencesOf(customer, cadences.value)[0] ?? null);
}

const cadenceDues = computed(() => rules.value?.cadenceProducer(cadences.value, unsent.value, zone.value));

const producers = computed(() => [cadenceDues.value ?? [], addedProducers.value].flat());

type ReasonOf = Producer["reasonOf"];

const noReason: ReasonOf = () => null;

/** The same function for the same two, so that touches are read anew only when a reason may have changed. */
const either = memo((one: ReasonOf, other: ReasonOf): ReasonOf => (touch) => one(touch) ?? other(touch));

const reasonOf = computed(() => producers.value.map((one) => one.reasonOf).reduce((one, other) => either(one, other), noReason));

/** All contacts that are planned or asked for, by customer, the most urgent first; undefined until everything has been read once. */
const duesOf = computed<ReadonlyMap<string, readonly Due[]> | undefined>(() => {
  const known = customers.value;
  const now = basis.value;
  if (known === undefined || now === undefined) return undefined;
  const date = currentDate.value;
  const planned = plannedBy(now, date);
  const settled = now.rules.settledBy(now.touches);
  const all = producers.value;
  const dues = (customer: CustomerLight): readonly Due[] => {
    const own = planned.get(customer.pk) ?? NONE;
    const asked = all.map((one) => one.duesOf({ customer, planned: own, settled: settled(customer.pk) }));
    const [first = NONE, ...others] = [own, ...asked].filter((each) => each.length > 0);
    return strongestFirst(others.length === 0 ? first : [first, ...others].flat(), date);
  };
  return new Map(known.map((customer) => [customer.pk, dues(customer)]));
});

const NONE: readonly Due[] = [];

let before: readonly Due[] = [];

/** Of each customer the first due and every occasion of its own, the most urgent first; what many customers share is apart. */
const ordered = computed<readonly Due[] | undefined>(() => {
  const all = duesOf.value;
  if (all === undefined) return undefined;
  const tiers = new Map(customers.value?.map(({ pk, tier }) => [pk, tier]));
  const date = currentDate.value;
  const shown = [...all.values()].flatMap((dues) => shownOf(dues, date));
  before = sortByUrgency(asBefore(shown, before), date, (pk) => tiers.get(pk) ?? "");
  return before;
});

/** One line for all that is planned or that cadences ask for, and one for each day of the customer's own. */
function shownOf(dues: readonly Due[], date: string): readonly Due[] {
  const days = dues.filter(isOccasion);
  const lead = leadOf(days.length === 0 ? dues : dues.filter((due) => !isOccasion(due)), date);
  return [lead ?? [], days.filter((due) => !isGrouped(due))].flat();
}

/** The next contact of each customer, the most urgent first; undefined until everything has been read once. */
export const nextOf = computed<ReadonlyMap<string, Due> | undefined>(() => {
  if (ordered.value === undefined) return undefined;
  const next = new Map<string, Due>();
  for (const due of ordered.value) if (!next.has(due.customerId)) next.set(due.customerId, due);
  return next;
});

/** Every contact that one customer should have, the most urgent first. */
export const duesWith = (customerId: string): readonly Due[] => duesOf.value?.get(customerId) ?? NONE;

/** What its touch is called, though nobody acted on it yet; empty before anything can be due. */
export const touchIdOf = ({ pk, ask, customerId }: Due): string => pk ?? (ask === null ? "" : (rules.value?.generatedPk(ask.source, customerId, ask.on) ?? ""));

/** The customer's next contacts on other channels than this, the most urgent first; days to greet on are told apart from them. */
export const duesBesides = (first: Due | undefined, customerId: string): readonly Due[] => duesWith(customerId).filter((due) => due.channel !== first?.channel && !isOccasion(due));

/** The day itself that is kept, or the last on which the contact may be. */
export const dayOfDue = ({ ask, toOn }: Due): string => ask?.on ?? toOn;

const touchesByPk = computed(() => new Map(basis.value?.touches.map((row) => [row.pk, row])));

/** A touch that somebody made or acted on. */
export const touchOf = (pk: string): Row | null => touchesByPk.value.get(pk) ?? null;

interface Today {
  readonly dues: readonly Due[];
  readonly groups: readonly Group[];
}

/** What was to do when the app was last used, without what came later. */
const last = signal<Today | undefined>(undefined);

/** Stands for `myDues` and `myGroups` until the lists are read. */
export const showLast = (today: Today | undefined): void => void (last.value = today);

/** Whether the signed-in person should act: who was asked, or who works the territory where nobody was. */
export const isMine = computed<((due: Due) => boolean) | undefined>(() => {
  const now = basis.value;
  if (now === undefined || customers.value === undefined) return undefined;
  const patch = new Set(now.territories.filter((row) => works(row.fields, now.person, currentDate.value)).map((row) => row.pk));
  const territories = new Map(customers.value.map(({ pk, territoryId }) => [pk, territoryId]));
  return ({ assigneeId, customerId }) => (assigneeId === "" ? patch.has(territories.get(customerId) ?? "") : assigneeId === now.person);
});

/** Whether what joins after the first screen is here; what it asked for last stands until then. */
const hasJoined = computed(() => addedProducers.value.length > 0);

/** What the signed-in person should do, the most urgent first. */
export const myDues = computed<readonly Due[] | undefined>(() => {
  const [mine, all] = [isMine.value, ordered.value];
  if (mine === undefined || all === undefined) return last.value?.dues;
  return hasJoined.value ? all.filter(mine) : [...all.filter(mine), ...(last.value?.dues ?? NONE).filter(isOccasion)];
});

/** Whom the signed-in person should greet on days that many customers share. */
export const myGroups = computed<readonly Group[]>(() => {
  const mine = isMine.value;
  if (mine === undefined || !hasJoined.value) return last.value?.groups ?? [];
  return groupsOf([...(duesOf.value?.values() ?? [])].flatMap((dues) => dues.filter((due) => isGrouped(due) && mine(due))));
});

/** The open touches of each customer, the earliest first. */
function plannedBy(now: Basis, date: string): Map<string, Due[]> {
  const planned = new Map<string, Due[]>();
  for (const row of now.touches) {
    const due = dueOfTouch(row, reasonOf.value, date);
    if (due === null) continue;
    const known = planned.get(due.customerId);
    if (known === undefined) planned.set(due.customerId, [due]);
    else known.push(due);
  }
  for (const dues of planned.values()) dues.sort((a, b) => (a.toOn < b.toOn ? -1 : Number(a.toOn > b.toOn)));
  return planned;
}

/** The last contact of a customer, counting what is only on this device. */
export function lastContactAt(customer: CustomerLight): number | null {
  const unsentOf = basis.value?.unsent.get(customer.pk) ?? {};
  return Math.max(customer.lastContactAt ?? 0, ...CHANNELS.map((channel) => unsentOf[channel] ?? 0)) || null;
}
