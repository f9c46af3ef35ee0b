/** Everybody's names, for the screens of all features. */
import { computed, signal } from "@preact/signals";
import { lightList, type LightList, type Store } from "../../store";
import { colleagueOf, type Colleague } from "./model";

export type { Colleague };
export { ColleagueField } from "./views/colleague-field";

const list = signal<LightList<Colleague> | null>(null);

/** Keeps the names in step with the database; called once for each open store. Returns how to stop. */
export function keepPeople(store: Store): () => void {
  const open = lightList(store, "person", colleagueOf);
  list.value = open;
  return () => {
    open.close();
    list.value = null;
  };
}

export const colleagues = computed<readonly Colleague[]>(() => list.value?.items.value ?? []);

/** Whether everybody has been read once. */
export const isPeopleRead = computed(() => list.value?.items.value != null);

const names = computed(() => new Map(colleagues.value.map(({ pk, name }) => [pk, name])));

/** A person's name, or "" while unknown here. */
export const personName = (pk: string): string => names.value.get(pk) ?? "";
