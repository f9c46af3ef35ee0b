/** The contacts that cadences ask for by themselves: one for each channel, counted from the last contact that was as strong. */
import type { Row } from "../../store";
import { dateOf } from "../../i18n/index";
import { anchor, applying, CHANNELS, covers, inPrecedence, type Asking, type Contacts } from "../../sync/core/cadence";
import { nextWindow } from "../../sync/core/window";
import { integer, strings, text } from "../../ui/values";
import type { CustomerLight } from "../customers/queries";
import { memo } from "./memo";
import { isChannel, type Ask, type Due, type Reason } from "./model";
import type { Known, Producer, SettledOf } from "./producers";

/** How often a kind of customer is contacted on one channel. */
export interface Cadence extends Asking {
  readonly name: string;
  readonly leadDays: number;
  readonly pausedUntilOn: string;
  /** Whether the customer has an interval of its own in place of the cadence's. */
  readonly isOwn: boolean;
}

export function cadenceOf({ pk, fields }: Row): Cadence {
  const channel = text(fields, "channel");
  return {
    pk,
    name: text(fields, "name"),
    tier: text(fields, "tier"),
    stage: text(fields, "stage"),
    industry: text(fields, "industry"),
    tags: strings(fields, "tags"),
    everyDays: integer(fields, "every_days") ?? 0,
    leadDays: integer(fields, "lead_days") ?? 0,
    channel: isChannel(channel) ? channel : "call",
    pausedUntilOn: text(fields, "paused_until_on"),
    isOwn: false,
  };
}

const ordered = memo((cadences: readonly Cadence[]) => inPrecedence(cadences));

/** What a customer is asked for by, the strongest channel first, with the customer's own intervals. */
export const cadencesOf = memo((customer: CustomerLight, cadences: readonly Cadence[]): readonly Cadence[] =>
  applying(ordered(cadences), customer).map((cadence) => {
    const own = customer.everyDays[cadence.channel];
    return own === undefined ? cadence : { ...cadence, everyDays: own, isOwn: true };
  }),
);

/** Asks for each customer by its cadences, unless a contact that counts as much is planned. `unsent` are contacts that only this device knows, by customer; the zone is what an instant's date depends on. */
export function cadenceProducer(cadences: readonly Cadence[], unsent: ReadonlyMap<string, Contacts>, zone: string): Producer {
  const duesOf = ({ customer, planned, settled }: Known): readonly Due[] => {
    const firsts = firstDues(customer, cadences, unsent.get(customer.pk) ?? NOTHING, zone);
    // The usual case gives the same list again, from which nothing needs to be worked out anew.
    if (planned.length === 0 && firsts.every(({ ask }) => settled(ask.source, ask.on) === "none")) return firsts;
    return firsts.flatMap((due) =>
      planned.some(({ channel }) => covers(channel, due.channel)) ? NONE : cadencesOf(customer, cadences).flatMap((cadence) =>
        cadence.pk === due.ask.source ? (cadenceDue(due, cadence, customer.pausedUntilOn, settled) ?? NONE) : NONE));
  };
  return { duesOf, reasonOf: reasonAmong(cadences) };
}

/** A contact that nobody planned. */
type Asked = Due & { readonly ask: Ask };

const NONE: readonly Asked[] = [];
const NOTHING: Contacts = {};

const firstDues = memo((customer: CustomerLight, cadences: readonly Cadence[], unsent: Contacts, _zone: string): readonly Asked[] => {
  const contacts = unsent === NOTHING ? customer.contacts : laterOf(customer.contacts, unsent);
  return cadencesOf(customer, cadences).flatMap((cadence) => {
    const last = anchor(contacts, cadence.channel) ?? customer.createdAt;
    return last === null ? NONE : dueOfCadence(customer.pk, cadence, dateOf(last), customer.pausedUntilOn);
  });
});

const laterOf = (served: Contacts, unsent: Contacts): Contacts =>
  Object.fromEntries(CHANNELS.map((channel) => [channel, Math.max(served[channel] ?? 0, unsent[channel] ?? 0) || null]));

const reasonAmong = memo((cadences: readonly Cadence[]): Producer["reasonOf"] => (touch) => {
  const cadence = cadences.find(({ pk }) => pk === text(touch, "cadence_id"));
  return cadence === undefined ? null : reasonBy(cadence);
});

const reasonBy = memo(({ name, channel, everyDays, isOwn }: Cadence): Reason => ({ kind: "cadence", name, channel, everyDays, isOwn }));

/** The contact that the cadence asks for, counted from the last one (or from when we got to know them), and not before the customer's or its own pause is over. */
export function dueOfCadence(customerId: string, cadence: Cadence, lastOn: string, pausedUntilOn = ""): Asked {
  const over = pausedUntilOn > cadence.pausedUntilOn ? pausedUntilOn : cadence.pausedUntilOn;
  const { due_from_on: fromOn, due_to_on: toOn } = nextWindow(lastOn, cadence.everyDays, cadence.leadDays, over === "" ? null : over);
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
export function cadenceDue(first: Asked, cadence: Cadence, pausedUntilOn: string, settled: SettledOf): Asked | null {
  let due = first;
  while (settled(cadence.pk, due.fromOn) === "over") due = followingOf(due, cadence, pausedUntilOn);
  // A row that is still open speaks for itself, or was put off until later.
  return settled(cadence.pk, due.fromOn) === "open" ? null : due;
}

const followingOf = memo((due: Due, cadence: Cadence, pausedUntilOn: string) => dueOfCadence(due.customerId, cadence, due.toOn, pausedUntilOn));
