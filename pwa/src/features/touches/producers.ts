/** The seam for all that makes a contact due by itself: cadences here, other features by `addProducer`. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Fields } from "../../store";
import type { CustomerLight } from "../customers/queries";
import type { Due, Reason } from "./model";

/** What became of a contact that something asked for: no row yet, a row still open (perhaps put off), or done or skipped. */
export type Settled = "none" | "open" | "over";

/** Tells it of one customer's contact by what `Ask` names. */
export type SettledOf = (source: string, on: string) => Settled;

export interface Known {
  readonly customer: CustomerLight;
  /** The open touches of this customer that have a row, the earliest first. */
  readonly planned: readonly Due[];
  readonly settled: SettledOf;
}

/** One kind of source. It is asked again about every customer after each change, so it keeps by `memo` what it works out. */
export interface Producer {
  /** The contacts that this customer should have and that nobody has settled. */
  readonly duesOf: (known: Known) => readonly Due[];
  /** Why a touch that somebody acted on is due, where it was this producer who asked for it. */
  readonly reasonOf: (touch: Fields) => Reason | null;
}

const added = signal<readonly ReadonlySignal<Producer>[]>([]);

/** Today, the lists and the customer's header follow its dues from now on. Returns how to stop. */
export function addProducer(producer: ReadonlySignal<Producer>): () => void {
  added.value = [...added.value, producer];
  return () => void (added.value = added.value.filter((one) => one !== producer));
}

/** Those of other features. */
export const addedProducers = computed(() => added.value.map(({ value }) => value));
