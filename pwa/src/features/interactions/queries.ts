/** Reads of what happened with a customer, and the addresses of the sheet that logs it. */
import { waitingItems, type Store } from "../../store";
import { sheetAddress } from "../../ui/index";
import type { Contacts } from "../../sync/core/cadence";
import { integer, text } from "../../ui/values";
import { channelOf, type Channel, type Interaction } from "./model";

export { useTimeline } from "./timeline-query";
export { Timeline } from "./views/timeline";
export type { Interaction };

/** The latest contact that was not struck out. */
export const lastInteraction = (timeline: readonly Interaction[] | undefined): Interaction | undefined => timeline?.find(({ isVoided }) => !isVoided);

interface LogSheet {
  readonly customerId?: string | null;
  readonly touchId?: string | null;
  readonly channel?: Channel | null;
  /** Whom it was with. */
  readonly contactId?: string;
  /** When it began, ms, if that was before the sheet is opened. */
  readonly beganAt?: number;
  /** The person has just arrived: the time, and one point if allowed, are taken at once. */
  readonly checkIn?: boolean;
}

/** Opens the log sheet over the present screen; without a customer it first asks for one. */
export function logSheet({ customerId = null, touchId = null, channel = null, contactId = "", beganAt, checkIn = false }: LogSheet = {}): string {
  return sheetAddress("log", { customer: customerId, touch: touchId, channel, contact: contactId || null, began: beganAt === undefined ? null : String(beganAt), checkin: checkIn ? "1" : null });
}

/** Contacts that the server has not rolled up into their customer yet: customer id to the latest instant on each channel. */
export async function unsentContacts(store: Store): Promise<ReadonlyMap<string, Contacts>> {
  const latest = new Map<string, Partial<Record<Channel, number>>>();
  for (const { entity, op, parent, patch } of await waitingItems(store, 2000)) {
    // Nobody was reached where a visit was missed.
    if (entity !== "interaction" || op !== "create" || text(patch, "outcome") === "missed") continue;
    const channel = channelOf(text(patch, "channel")) ?? "visit";
    const known = latest.get(parent) ?? {};
    latest.set(parent, { ...known, [channel]: Math.max(known[channel] ?? 0, integer(patch, "started_at") ?? 0) });
  }
  return latest;
}

export { offered } from "./offered";
export { reviseDraftTarget, reviseSheet } from "./revise-draft";
export { draftKey, logDraftCustomer } from "./draft-key";
