/** What was promised and is not done: one list in memory. */
import { computed, signal } from "@preact/signals";
import { lightList, type LightList, type Store } from "../../store";
import { byDue, promisedOf, type Promised } from "./model";
import { keepNow, look } from "./now";

const list = signal<LightList<Promised> | null>(null);
const owner = signal("");

/** Keeps the list in step with the database, and the clock with the time; called once for each open store. Returns how to stop. */
export function keepPromises(store: Store): () => void {
  const open = lightList(store, "promise", promisedOf);
  const stop = keepNow();
  list.value = open;
  owner.value = store.person;
  return () => {
    open.close();
    stop();
    list.value = null;
  };
}

/** Every promise on this device; undefined until the first read has ended. */
export const promises = computed<readonly Promised[] | undefined>(() => list.value?.items.value ?? undefined);

/** Those that are not closed, the earliest due first. */
export const openPromises = computed<readonly Promised[] | undefined>(() => promises.value?.filter(({ standing }) => standing === "open").sort(byDue));

/** What this person had to do when the app was last used. */
const last = signal<readonly Promised[] | undefined>(undefined);

/** Stands for `myPromises` until the list is read. */
export function showLastPromises(few: readonly Promised[] | undefined): void {
  look();
  last.value = few;
}

/** What this person has to do, the earliest due first. */
export const myPromises = computed<readonly Promised[] | undefined>(() => openPromises.value?.filter(({ ownerId }) => ownerId === owner.value) ?? last.value);

/** Those to one customer, the earliest due first. */
export const promisesTo = (customerId: string): readonly Promised[] => (promises.value ?? []).filter((each) => each.customerId === customerId).sort(byDue);
