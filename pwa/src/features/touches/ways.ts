/** How to reach whoever a contact is planned with: by the planned channel first, else by phone. */
import { callNumber, lineLink, mailLink, mapLink, telLink, type Contact, type Site } from "../customers/queries";
import type { Channel, Due } from "./model";

/** A link that the phone's own app opens. */
export interface Way {
  readonly channel: Channel;
  readonly href: string;
}

interface Known {
  readonly phone: string;
  readonly contacts: readonly Contact[];
  readonly sites: readonly Site[];
}

/** What is undefined has not been read yet. */
type Reading = Pick<Known, "phone"> & { readonly [Name in "contacts" | "sites"]: Known[Name] | undefined };

/** The planned channel's way; null when there is none, undefined as long as one may still be found. */
export function plannedWay(due: Pick<Due, "channel" | "contactId">, { phone, contacts, sites }: Reading): Way | null | undefined {
  return contacts === undefined || sites === undefined ? undefined : wayOf(due, { phone, contacts, sites });
}

function wayOf(due: Pick<Due, "channel" | "contactId">, known: Known): Way | null {
  const href = hrefs[due.channel](known, due.contactId);
  return href === null ? null : { channel: due.channel, href };
}

/** A call is at hand whatever is planned: to ask for the way, or to say that one is late. */
export const phoneWay = (due: Pick<Due, "contactId">, { phone, contacts = [], sites = [] }: Reading): Way | null => wayOf({ ...due, channel: "call" }, { phone, contacts, sites });

const hrefs: Record<Channel, (known: Known, contactId: string) => string | null> = {
  visit: ({ sites }) => firstOf(sites, mapLink),
  call: ({ phone, contacts }, whom) => {
    const person = contacts.find(({ pk }) => pk === whom);
    const number = person?.mobile || person?.phone || callNumber(phone, contacts);
    return number === "" ? null : telLink(number);
  },
  chat: ({ contacts }, whom) => firstOf(whomFirst(contacts, whom), ({ lineId }) => (lineId === "" ? null : lineLink(lineId))),
  email: ({ contacts }, whom) => firstOf(whomFirst(contacts, whom), ({ email }) => (email === "" ? null : mailLink(email))),
};

const whomFirst = (contacts: readonly Contact[], whom: string): Contact[] => [...contacts].sort((a, b) => Number(b.pk === whom) - Number(a.pk === whom));

function firstOf<T>(all: readonly T[], link: (each: T) => string | null): string | null {
  for (const each of all) {
    const found = link(each);
    if (found !== null) return found;
  }
  return null;
}
