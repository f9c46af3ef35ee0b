/** What a contact that happened looks like on the screen, and the form in which one is logged. */
import type { Fields, Row } from "../../store";
import type { AddedFile, AddedPhoto, Take } from "../attachments/commands";
import type { PromiseForm } from "../promises/commands";
import { integer, strings, text } from "../../ui/values";
import type { Found, Missing } from "./place";

export type Channel = "visit" | "call" | "email" | "chat";
export type Outcome = "progress" | "same" | "concern" | "missed";
export type Purpose = "routine" | "develop" | "quote" | "deliver" | "complaint" | "collect" | "other";
export const purposes: readonly Purpose[] = ["routine", "develop", "quote", "deliver", "complaint", "collect", "other"];
export const channels: readonly Channel[] = ["visit", "call", "chat", "email"];
export const outcomes: readonly Outcome[] = ["progress", "same", "concern", "missed"];

export interface Interaction {
  readonly pk: string;
  readonly channel: Channel;
  readonly startedAt: number;
  readonly personId: string;
  readonly personName: string;
  readonly purpose: Purpose | null;
  readonly outcome: Outcome | null;
  readonly notes: string;
  readonly nextStep: string;
  readonly contactIds: readonly string[];
  /** Null where nobody checked in. */
  readonly checkIn: Arrival | null;
  readonly isVoided: boolean;
  readonly state: Row["state"];
}

const member = <T extends string>(all: readonly T[], value: string): T | null => ((all as readonly string[]).includes(value) ? (value as T) : null);

export const channelOf = (value: string): Channel | null => member(channels, value);
export const purposeOf = (value: string): Purpose | null => member(purposes, value);
export const outcomeOf = (value: string): Outcome | null => member(outcomes, value);

export function interactionOf({ pk, fields, state }: Row): Interaction {
  return {
    pk,
    channel: channelOf(text(fields, "channel")) ?? "visit",
    startedAt: integer(fields, "started_at") ?? 0,
    personId: text(fields, "person_id"),
    personName: text(fields, "person_name"),
    purpose: purposeOf(text(fields, "purpose")),
    outcome: outcomeOf(text(fields, "outcome")),
    notes: text(fields, "notes"),
    nextStep: text(fields, "next_step"),
    contactIds: strings(fields, "contact_ids"),
    checkIn: arrivalOf(fields),
    isVoided: fields["voided"] === true,
    state,
  };
}

function arrivalOf(fields: Fields): Arrival | null {
  const at = integer(fields, "checkin_at");
  if (at === null) return null;
  const [latE7, lonE7] = [integer(fields, "checkin_lat_e7"), integer(fields, "checkin_lon_e7")];
  return { at, latE7, lonE7, accuracyM: integer(fields, "checkin_accuracy_m"), distanceM: integer(fields, "checkin_distance_m") };
}

/** One point, taken once at check-in and shown to the rep exactly as the manager sees it. */
export interface Arrival extends Found {
  readonly at: number;
}

/** An arrival while its form is open: also why it has no point. */
export interface CheckIn extends Arrival {
  readonly missing: "seeking" | Missing | null;
}

/** The form as typed so far; it is also the draft. */
export interface LogForm {
  readonly channel: Channel;
  readonly purpose: Purpose | null;
  readonly outcome: Outcome | null;
  readonly contactIds: readonly string[];
  readonly notes: string;
  readonly nextStep: string;
  /** The date of the next contact; null = none planned. */
  readonly nextOn: string | null;
  readonly checkIn: CheckIn | null;
  readonly photos: readonly AddedPhoto[];
  /** Voice memos, signatures, documents. */
  readonly files: readonly AddedFile[];
  /** A memo that is being recorded, or was when its page was killed. */
  readonly recording: Take | null;
  /** What was promised in it. */
  readonly promises: readonly PromiseForm[];
  /** Earlier promises that it kept. */
  readonly kept: readonly string[];
  readonly openedAt: number;
  /** When it began, ms, where that is known; else it is the moment of saving. */
  readonly beganAt: number | null;
  /** What the customer is called, for the case that they leave this device before it is saved. */
  readonly customerName: string;
}

export const emptyForm = (channel: Channel, nextOn: string | null, now: number): LogForm => ({
  channel, purpose: null, outcome: null, contactIds: [], notes: "", nextStep: "", nextOn, checkIn: null, photos: [], files: [], recording: null, promises: [], kept: [], openedAt: now, beganAt: null, customerName: "",
});

/** Whether anything was typed or chosen that would be missed. */
export const isTouched = (form: LogForm): boolean =>
  form.purpose !== null || form.outcome !== null || form.contactIds.length > 0 || form.notes !== "" || form.nextStep !== "" || form.checkIn !== null || form.photos.length + form.files.length + form.promises.length + form.kept.length > 0 || form.recording !== null;

/** The row's fields. A visit lasts from check-in, or from opening the form, until now. */
export function fieldsOfForm(form: LogForm, customerId: string, touchId: string | null, now: number): Fields {
  const started = form.checkIn?.at ?? form.beganAt ?? now;
  return {
    customer_id: customerId,
    channel: form.channel,
    direction: "out",
    started_at: started,
    ...(form.checkIn === null ? {} : { ended_at: now, ...checkInFields(form.checkIn), checkout_at: now }),
    ...(form.purpose === null ? {} : { purpose: form.purpose }),
    ...(form.outcome === null ? {} : { outcome: form.outcome }),
    ...(form.contactIds.length === 0 ? {} : { contact_ids: [...form.contactIds].sort() }),
    ...(form.notes.trim() === "" ? {} : { notes: form.notes }),
    ...(form.nextStep.trim() === "" ? {} : { next_step: form.nextStep }),
    ...(touchId === null ? {} : { touch_id: touchId }),
  };
}

function checkInFields({ at, latE7, lonE7, accuracyM, distanceM }: Arrival): Fields {
  return { checkin_at: at, checkin_lat_e7: latE7, checkin_lon_e7: lonE7, checkin_accuracy_m: accuracyM, checkin_distance_m: distanceM };
}
