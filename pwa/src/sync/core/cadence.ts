/** Which cadences ask for a customer, and from when each of them counts, the same on every device (R36). */

/** The strongest first: a contact counts for its own channel and for every weaker one. */
export const CHANNELS = ["visit", "call", "chat", "email"] as const;
export type Channel = (typeof CHANNELS)[number];
const LOST = "lost";

/** What a cadence may ask of a customer; empty where it asks, or is known of one, nothing. */
export interface Traits {
  readonly tier: string;
  readonly stage: string;
  readonly industry: string;
  readonly tags: readonly string[];
}

/** Every so many days on one channel, for the customers who have all of these traits. */
export interface Asking extends Traits {
  readonly pk: string;
  readonly channel: Channel;
  readonly everyDays: number;
}

/** Instants (ms) of the last contact on each channel. */
export type Contacts = Readonly<Partial<Record<Channel, number | null>>>;

/** In the order in which they come first for a customer: what states most traits, then the more frequent, then the smaller id. */
export const inPrecedence = <C extends Asking>(cadences: readonly C[]): C[] =>
  [...cadences].sort((a, b) => stated(b) - stated(a) || a.everyDays - b.everyDays || (a.pk < b.pk ? -1 : 1));

/**
 * The cadences that ask for a customer, one for each channel at most, the strongest channel first. `ordered` are all, in precedence.
 * One of less than a day asks for nobody, and a lost customer is asked for only by name.
 */
export function applying<C extends Asking>(ordered: readonly C[], customer: Traits): C[] {
  const chosen = new Map<Channel, C>();
  for (const one of ordered) {
    if (!chosen.has(one.channel) && one.everyDays >= 1 && fits(one, customer)) chosen.set(one.channel, one);
  }
  return CHANNELS.flatMap((channel) => chosen.get(channel) ?? []);
}

/** The instant (ms) that a channel counts from: its last contact or that of a stronger one; null without any. */
export function anchor(contacts: Contacts, channel: Channel): number | null {
  let latest: number | null = null;
  for (const one of CHANNELS) {
    const at = contacts[one] ?? null;
    if (at !== null && (latest === null || at > latest)) latest = at;
    if (one === channel) break;
  }
  return latest;
}

/** Whether a contact on the one channel counts for the other. */
export const covers = (done: Channel, channel: Channel): boolean => CHANNELS.indexOf(done) <= CHANNELS.indexOf(channel);

const stated = ({ tier, stage, industry, tags }: Traits): number => [tier, stage, industry].filter((one) => one !== "").length + tags.length;

function fits(asked: Traits, known: Traits): boolean {
  if (known.stage === LOST && asked.stage !== LOST) return false;
  const isAsked = (wanted: string, held: string): boolean => wanted === "" || wanted === held;
  return isAsked(asked.tier, known.tier) && isAsked(asked.stage, known.stage) && isAsked(asked.industry, known.industry) && asked.tags.every((tag) => known.tags.includes(tag));
}
