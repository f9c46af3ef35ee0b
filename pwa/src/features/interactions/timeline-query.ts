/** Reads one customer's timeline, and again when any tab changes it. */
import { getChildren, useLive, type Store } from "../../store";
import { interactionOf, type Interaction } from "./model";

/** The latest first. */
export function useTimeline(store: Store, customerId: string, limit: number): readonly Interaction[] | undefined {
  return useLive(async () => (await getChildren(store, "interaction", customerId, { limit })).map(interactionOf), [store, customerId, limit]);
}
