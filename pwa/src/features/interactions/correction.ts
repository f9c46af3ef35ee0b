/** Correcting what was logged: which parts can change. */
import type { Fields } from "../../store";
import { strings, text } from "../../ui/values";
import { channelOf, outcomeOf, purposeOf, type LogForm } from "./model";

/** Whom it was about, when it was and where stay as they were: those were facts of the moment. */
export type Correction = Pick<LogForm, "channel" | "purpose" | "outcome" | "contactIds" | "notes" | "nextStep">;

export function correctionOf(fields: Fields): Correction {
  return {
    channel: channelOf(text(fields, "channel")) ?? "visit",
    purpose: purposeOf(text(fields, "purpose")),
    outcome: outcomeOf(text(fields, "outcome")),
    contactIds: strings(fields, "contact_ids"),
    notes: text(fields, "notes"),
    nextStep: text(fields, "next_step"),
  };
}

/** The values wanted; null empties a field. */
export function fieldsOfCorrection({ channel, purpose, outcome, contactIds, notes, nextStep }: Correction): Fields {
  return {
    channel,
    purpose,
    outcome,
    contact_ids: contactIds.length === 0 ? null : [...contactIds].sort(),
    notes: notes.trim() === "" ? null : notes,
    next_step: nextStep.trim() === "" ? null : nextStep,
  };
}
