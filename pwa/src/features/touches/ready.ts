/** Today at once: what it showed last is kept, and shown again while the lists behind it are still being read. */
import { effect } from "@preact/signals";
import { keepReady, readMark, readReady, type Store } from "../../store";
import { onChange } from "../../store/changes";
import { today } from "../../i18n/index";
import { whenIdle } from "../../ui/idle";
import { customerOf, nameCustomers, type CustomerLight } from "../customers/queries";
import { whenOf, type Due, type Group } from "./model";
import { myPromises, showLastPromises, whenDue, wallNow, type Promised } from "../promises/queries";
import { basis, currentDate, myDues, myGroups, showLast } from "./queries";

interface Kept {
  /** Which build wrote it: another one may read other fields. */
  readonly build: string;
  readonly date: string;
  readonly dues: readonly Due[];
  readonly groups: readonly Group[];
  readonly promises: readonly Promised[];
  readonly customers: readonly CustomerLight[];
}

const BUILD = import.meta.url;
/** Long enough after the last change that the lists have followed it. */
const QUIET_MS = 1500;
/** Reading more than this at a start would be no quicker than working it out. */
const MOST = 500;

/** Shows what was kept, if it is still true. Tells whether it was. */
export async function recallToday(store: Store): Promise<boolean> {
  const kept = (await readReady(store)) as Kept | null;
  if (kept === null || kept.build !== BUILD || kept.date !== today()) return false;
  currentDate.value = kept.date;
  nameCustomers(kept.customers);
  showLast(kept);
  showLastPromises(kept.promises);
  return true;
}

/** Keeps Today ready for the next start; called once for each open store. Returns how to stop. */
export function keepToday(store: Store): () => void {
  let callOff: () => void = () => undefined;
  const soon = (): void => {
    callOff();
    const timer = setTimeout(() => (callOff = whenIdle(() => void keep(store))), QUIET_MS);
    callOff = () => clearTimeout(timer);
  };
  const stopChange = onChange(store, soon);
  const stopLists = effect(() => {
    if (basis.value !== undefined && myPromises.value !== undefined) soon();
  });
  return () => {
    callOff();
    stopChange();
    stopLists();
  };
}

/** Nothing of this person may stand on the next one's screen. */
export function forgetToday(): void {
  showLast(undefined);
  showLastPromises(undefined);
  nameCustomers([]);
}

async function keep(store: Store): Promise<void> {
  if (store.closed) return;
  const mark = await readMark(store);
  const date = currentDate.value;
  const dues = (myDues.value ?? []).filter((due) => whenOf(due, date) !== "later");
  const promises = (myPromises.value ?? []).filter((promise) => whenDue(promise, wallNow.value) !== "later");
  if (basis.value === undefined || dues.length + promises.length > MOST) return;
  const customers = [...dues, ...promises].flatMap(({ customerId }) => customerOf(customerId) ?? []).map((customer) => ({ ...customer, fold: "", unfolded: null }));
  await keepReady(store, mark, { build: BUILD, date, dues, groups: myGroups.value, promises, customers } satisfies Kept);
}
