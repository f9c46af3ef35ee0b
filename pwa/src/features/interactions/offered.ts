/** What may be logged now, for the first screen; what offers it comes with the code that goes on behind. */
import { signal } from "@preact/signals";
import type { Channel } from "./model";

export interface Offer {
  readonly customerId: string;
  /** Empty where the company's own number was called. */
  readonly contactId: string;
  readonly channel: Channel;
  /** When it was begun, ms. */
  readonly at: number;
}

/** Null also while the tap that begins it is under way. */
export const offered = signal<Offer | null>(null);
