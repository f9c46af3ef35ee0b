/** Customers, their people and places, as screens show them. */
import type { Fields, Row } from "../../store";
import { CHANNELS, type Channel, type Contacts } from "../../sync/core/cadence";
import { flag, integer, strings, text } from "../../ui/values";

/** The light record that search and lists keep in memory, one for each customer on this device. */
export interface CustomerLight {
  readonly pk: string;
  readonly name: string;
  readonly legalForm: string;
  readonly tier: string;
  readonly stage: string;
  readonly industry: string;
  readonly tags: readonly string[];
  /** No cadence asks for a contact before this date; empty where nobody paused them. */
  readonly pausedUntilOn: string;
  /** Own intervals, in days, in place of those of the cadences. */
  readonly everyDays: Readonly<Partial<Record<Channel, number>>>;
  /** The last contact on each channel. */
  readonly contacts: Contacts;
  readonly phone: string;
  readonly fold: string;
  /** Set while the search key on the row may be older than its name: the device then folds these itself. */
  readonly unfolded: Fields | null;
  readonly territoryId: string;
  readonly lastContactAt: number | null;
  readonly lastContactBy: string;
  readonly createdAt: number | null;
  readonly state: Row["state"];
}

const KEYED = new Set(["name", "legal_form", "code", "tax_id", "phone", "mobile"]);

/** The server writes the key; a name typed here and not served back yet has none, or an old one. */
const unfolded = ({ fields, pending }: Row): Fields | null =>
  text(fields, "fold") === "" || pending.some((name) => KEYED.has(name)) ? fields : null;

export function lightOf(row: Row): CustomerLight {
  const { pk, fields, state } = row;
  return {
    pk,
    name: text(fields, "name"),
    legalForm: text(fields, "legal_form"),
    tier: text(fields, "tier"),
    stage: text(fields, "stage"),
    industry: text(fields, "industry"),
    tags: strings(fields, "tags"),
    pausedUntilOn: text(fields, "paused_until_on"),
    everyDays: byChannel(fields, (channel) => `${channel}_every_days`),
    contacts: contactsOf(fields),
    phone: text(fields, "phone"),
    fold: text(fields, "fold"),
    unfolded: unfolded(row),
    territoryId: text(fields, "territory_id"),
    lastContactAt: integer(fields, "last_contact_at"),
    lastContactBy: text(fields, "last_contact_by"),
    createdAt: integer(fields, "created_at"),
    state,
  };
}

/** When a contact was born, as far as it is known to the day; there may be no such day. */
export interface Birthday {
  readonly calendar: string;
  readonly month: number;
  readonly day: number;
  readonly year: number | null;
}

export function birthdayOf(fields: Fields): Birthday | null {
  const [month, day] = [integer(fields, "birthday_month"), integer(fields, "birthday_day")];
  return month === null || day === null ? null : { calendar: text(fields, "birthday_kind") || "solar", month, day, year: integer(fields, "birthday_year") };
}

function byChannel(fields: Fields, nameOf: (channel: Channel) => string): Partial<Record<Channel, number>> {
  const known: Partial<Record<Channel, number>> = {};
  for (const channel of CHANNELS) {
    const value = integer(fields, nameOf(channel));
    if (value !== null) known[channel] = value;
  }
  return known;
}

/** A row that an older server wrote tells of the last contact alone. */
function contactsOf(fields: Fields): Contacts {
  const known = byChannel(fields, (channel) => `last_${channel}_at`);
  const last = CHANNELS.find((channel) => channel === text(fields, "last_contact_channel"));
  return last === undefined || CHANNELS.some((channel) => known[channel] !== undefined) ? known : { [last]: integer(fields, "last_contact_at") };
}

/** What search and birthdays keep of a contact. */
export interface ContactLight {
  readonly pk: string;
  readonly customerId: string;
  readonly name: string;
  readonly title: string;
  readonly fold: string;
  readonly unfolded: Fields | null;
  readonly birthday: Birthday | null;
}

export function contactLightOf(row: Row): ContactLight {
  const { pk, fields } = row;
  return {
    pk,
    customerId: text(fields, "customer_id"),
    name: text(fields, "name"),
    title: text(fields, "title"),
    fold: text(fields, "fold"),
    unfolded: unfolded(row),
    birthday: birthdayOf(fields),
  };
}

export type Role = "economic" | "technical" | "user" | "coach" | "key";
export const roles: readonly Role[] = ["economic", "technical", "user", "coach", "key"];

export interface Contact {
  readonly pk: string;
  readonly name: string;
  readonly title: string;
  readonly department: string;
  readonly phone: string;
  readonly mobile: string;
  readonly email: string;
  readonly lineId: string;
  readonly preferredHours: string;
  readonly roles: readonly Role[];
  readonly isMet: boolean;
  readonly birthday: Birthday | null;
  readonly notes: string;
  readonly state: Row["state"];
}

export function contactOf({ pk, fields, state }: Row): Contact {
  return {
    pk,
    name: text(fields, "name"),
    title: text(fields, "title"),
    department: text(fields, "department"),
    phone: text(fields, "phone"),
    mobile: text(fields, "mobile"),
    email: text(fields, "email"),
    lineId: text(fields, "line_id"),
    preferredHours: text(fields, "preferred_hours"),
    roles: strings(fields, "roles").filter((role): role is Role => (roles as readonly string[]).includes(role)),
    isMet: flag(fields, "is_met"),
    birthday: birthdayOf(fields),
    notes: text(fields, "notes"),
    state,
  };
}

export interface Site {
  readonly pk: string;
  readonly name: string;
  readonly address: string;
  readonly city: string;
  readonly district: string;
  readonly hours: string;
  readonly phone: string;
  readonly purposes: readonly string[];
  readonly latE7: number | null;
  readonly lonE7: number | null;
  readonly notes: string;
  readonly state: Row["state"];
}

export function siteOf({ pk, fields, state }: Row): Site {
  return {
    pk,
    name: text(fields, "name"),
    address: text(fields, "address"),
    city: text(fields, "city"),
    district: text(fields, "district"),
    hours: text(fields, "hours"),
    phone: text(fields, "phone"),
    purposes: strings(fields, "purposes"),
    latE7: integer(fields, "lat_e7"),
    lonE7: integer(fields, "lon_e7"),
    notes: text(fields, "notes"),
    state,
  };
}

/** Where one goes stands before where the goods or the bills go. */
export const visitingFirst = (a: Site, b: Site): number =>
  Number(b.purposes.includes("visiting")) - Number(a.purposes.includes("visiting")) || a.name.localeCompare(b.name);

/** The people who matter most stand first: who decides, then those one has met. */
export const byInfluence = (a: Contact, b: Contact): number => weight(b) - weight(a) || a.name.localeCompare(b.name);

const weight = (contact: Contact): number => (decides(contact) ? 4 : 0) + (contact.roles.length > 0 ? 2 : 0) + (contact.isMet ? 1 : 0);

/** Who says yes: the economic buyer, or the key person where none is named. */
export const decides = (contact: Contact): boolean => contact.roles.includes("economic");

export const decider = (contacts: readonly Contact[]): Contact | null =>
  contacts.find(decides) ?? contacts.find((contact) => contact.roles.includes("key")) ?? null;

const EXTENSION = /分機|分机|轉|转|ext\.?|x|#/i;

/** Opens the phone; an extension is dialled after a pause, not as part of the number. */
export function telLink(number: string): string {
  const [main = "", extension = ""] = number.split(EXTENSION).map((part) => part.replace(/[^0-9+*]/g, ""));
  return extension === "" ? `tel:${main}` : `tel:${main},${extension}`;
}

/** Links that the phone's own apps open. */
export const mailLink = (address: string): string => `mailto:${encodeURIComponent(address).replace("%40", "@")}`;
export const lineLink = (id: string): string => `https://line.me/R/ti/p/${encodeURIComponent(id.startsWith("@") ? id : `~${id}`)}`;

/** Directions in the phone's maps app: the point where we know it, else the address; null when neither is known. */
export function mapLink(site: Site): string | null {
  const address = [site.city, site.district, site.address].join("");
  const target = site.latE7 !== null && site.lonE7 !== null ? `${site.latE7 / 1e7},${site.lonE7 / 1e7}` : address;
  return target === "" ? null : `https://www.google.com/maps/dir/?api=1&destination=${encodeURIComponent(target)}`;
}

/** The number to call first: the preferred person's mobile, then any number of the company. */
export function callNumber(customerPhone: string, contacts: readonly Contact[]): string {
  const person = decider(contacts) ?? contacts[0];
  return person?.mobile || person?.phone || customerPhone;
}
