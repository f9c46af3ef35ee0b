/** The contacts that a cadence gives by itself: its windows, counted from the last contact. */
import type { Row } from "../../store";
import { addDays, dateOf, daysBetween } from "../../i18n/index";
import { nextWindow } from "../../sync/core/window";
import { integer, text } from "../../ui/values";
import type { CustomerLight } from "../customers/queries";
import { memo } from "./memo";
import { isChannel, type Channel, type Due, type Reason } from "./model";
import type { Known, Producer, SettledOf } from "./producers";

/** How often customers of a tier are contacted. */
export interface Cadence {
  readonly pk: string;
  readonly tier: string;
  readonly everyDays: number;
  readonly leadDays: number;
  readonly channel: Channel;
}

export function cadenceOf({ pk, fields }: Row): Cadence {
  const channel = text(fields, "channel");
  return {
    pk,
    tier: text(fields, "tier"),
    everyDays: integer(fields, "every_days") ?? 0,
    leadDays: integer(fields, "lead_days") ?? 0,
    channel: isChannel(channel) ? channel : "call",
  };
}

/** The cadence that a customer is under; one who was lost is under none, and only a person plans a contact. */
export function cadenceAsking({ tier, isLost }: { tier: string; isLost: boolean }, cadences: readonly Cadence[]): Cadence | null {
  if (isLost) return null;
  return cadences.find((cadence) => cadence.tier === tier && cadence.everyDays >= 1) ?? null;
}

/** Asks for each customer by its cadence, unless a contact is planned anyway. `unsent` are contacts that only this device knows, by customer; the zone is what an instant's date depends on. */
export function cadenceProducer(cadences: readonly Cadence[], unsent: ReadonlyMap<string, number>, zone: string): Producer {
  const duesOf = ({ customer, planned, settled }: Known): readonly Due[] => {
    const cadence = planned.length > 0 ? null : cadenceAsking(customer, cadences);
    const last = Math.max(customer.lastContactAt ?? 0, unsent.get(customer.pk) ?? 0) || customer.createdAt;
    if (cadence === null || last === null) return NONE;
    const due = cadenceDue(firstDue(customer, cadence, last, zone), cadence, settled);
    return due === null ? NONE : [due];
  };
  return { duesOf, reasonOf: reasonAmong(cadences) };
}

const reasonAmong = memo((cadences: readonly Cadence[]): Producer["reasonOf"] => (touch) => {
  const cadence = cadences.find(({ pk }) => pk === text(touch, "cadence_id"));
  return cadence === undefined ? null : reasonBy(cadence);
});

const NONE: readonly Due[] = [];

const firstDue = memo(({ pk }: CustomerLight, cadence: Cadence, last: number, _zone: string) => dueOfCadence(pk, cadence, dateOf(last)));

const reasonBy = ({ tier, everyDays }: Cadence): Reason => ({ kind: "cadence", tier, everyDays });

/** The contact that the cadence asks for, counted from the last one (or from when we got to know them). */
export function dueOfCadence(customerId: string, cadence: Cadence, lastOn: string): Due {
  const { due_from_on: fromOn, due_to_on: toOn } = nextWindow(lastOn, cadence.everyDays, cadence.leadDays);
  return {
    pk: null,
    customerId,
    channel: cadence.channel,
    fromOn,
    toOn,
    time: "",
    why: "",
    reason: reasonBy(cadence),
    ask: { source: cadence.pk, on: fromOn, fields: { cadence_id: cadence.pk } },
    assigneeId: "",
    contactId: "",
    state: "server",
  };
}

/** The cadence's next contact, from the `first` on, that nobody has settled yet: a skipped one counts as if it had happened on its last day. */
export function cadenceDue(first: Due, cadence: Cadence, settled: SettledOf): Due | null {
  let due = first;
  while (settled(cadence.pk, due.fromOn) === "over") due = followingOf(due, cadence);
  // A row that is still open speaks for itself, or was put off until later.
  return settled(cadence.pk, due.fromOn) === "open" ? null : due;
}

const followingOf = memo((due: Due, cadence: Cadence) => dueOfCadence(due.customerId, cadence, due.toOn));

const HALF_MOST = 7;

/** Dates offered for the next contact: tomorrow, about half way, and the last day that the cadence allows. */
export function nextDates(today: string, cadence: Cadence | null): string[] {
  const { due_to_on: latest } = cadence === null || cadence.everyDays < 1 ? nextWindow(today, 14, 0) : nextWindow(today, cadence.everyDays, cadence.leadDays);
  const halfWay = Math.min(HALF_MOST, Math.ceil(daysBetween(today, latest) / 2));
  return [...new Set([addDays(today, 1), nextWindow(today, Math.max(1, halfWay), 0).due_to_on, latest])].sort();
}
