/** What waits for this person's decision: open conflicts and what the server could not apply. */
import { signal, computed } from "@preact/signals";
import { lightList, waitingItems, watch, type Fields, type LightList, type Store } from "../../store";
import type { Json } from "../../sync/core/canonical";
import { conflictOf, isHeld, parkedOf, typedValues, withoutCopies, type Conflict, type Parked } from "./model";
import { reopened } from "./reopened";

export { needsYouPath } from "./paths";
export { AboutWhom } from "./views/about-whom";
export { aboutWhom, itemWords } from "./words";
export type { Conflict, Parked };

const lists = signal<{ conflicts: LightList<Conflict>; parked: LightList<Parked> } | null>(null);

/** Keeps the lists in step with the database; called once for each open store. Returns how to stop. */
export function keepConflicts(store: Store): () => void {
  const open = { conflicts: lightList(store, "conflict", conflictOf), parked: lightList(store, "parked", parkedOf) };
  lists.value = open;
  const stopMended = watch(() => mendedIn(store), (found) => (mended.value = found), (error) => {
    if (!store.closed) throw error;
  });
  return () => {
    stopMended();
    open.conflicts.close();
    open.parked.close();
    lists.value = null;
  };
}

/** Parked items that something on this device mends and the server has not heard of yet. */
const mended = signal<ReadonlySet<string>>(new Set());

async function mendedIn(store: Store): Promise<ReadonlySet<string>> {
  return new Set((await waitingItems(store, 2000)).flatMap(({ supersedes }) => supersedes ?? []));
}

/** Open conflicts, the oldest first; undefined until read once. */
export const openConflicts = computed<readonly Conflict[] | undefined>(() =>
  lists.value?.conflicts.items.value
    ?.filter(({ pk, state, saved }) => state === "open" && (saved !== "device" || reopened.value.has(pk)))
    .sort((a, b) => a.openedAt - b.openedAt),
);

const openParked = computed<readonly Parked[]>(() =>
  withoutCopies(lists.value?.parked.items.value ?? []).filter(({ pk, state, saved }) => state === "open" && saved !== "device" && !mended.value.has(pk)).sort((a, b) => a.parkedAt - b.parkedAt),
);

/** Parked items that the person can mend or dismiss. */
export const parkedForMe = computed(() => openParked.value.filter((each) => !isHeld(each)));

/** Parked items that wait for another item or for the office. */
export const heldItems = computed(() => openParked.value.filter(isHeld));

export const parkedItem = (pk: string): Parked | null => openParked.value.find((each) => each.pk === pk) ?? null;

/** What the person had typed in a parked item, as field values; set changes and texts are as they were wanted. */
export function typedInto(parked: Parked): Fields {
  const typed: Record<string, Json> = {};
  for (const [name, value] of Object.entries(typedValues(parked))) typed[name] = isSetChange(value) ? value.add : (value as Json);
  return typed;
}

const isSetChange = (value: unknown): value is { add: readonly string[] } =>
  typeof value === "object" && value !== null && Array.isArray((value as { add?: unknown }).add);
