/** Puts a person's rooms together: opens the store, starts its lists and what goes on behind, and takes it all apart again. */
import catalogue from "../../../config/catalogs/entities.json";
import { setZone, wholeLanguage } from "../i18n/index";
import { currentPerson, guardDrafts, keepPeople, makeCatalog, openStore, recallPeople, watchStatus, type Person, type Store } from "../store";
import { onChange } from "../store/changes";
import { beginAnew } from "../store/evicted";
import { rememberPerson } from "../store/people";
import { keepCustomers } from "../features/customers/queries";
import { keepPromises } from "../features/promises/queries";
import { session } from "../features/session/queries";
import { connectSync } from "../features/sync/queries";
import { keepTouches } from "../features/touches/queries";
import { forgetToday, keepToday, recallToday } from "../features/touches/ready";
import { firstScreen, painted } from "./first-screen";
import { startWhenHere, updates } from "./network";

let stopAll: () => void = () => undefined;

/** Opens the person's database and everything that lives on it; who was here before must have left. */
export async function enter(person: Person): Promise<void> {
  const opening = openStore(person.id, makeCatalog(catalogue));
  // The browser's first look at a time zone takes as long as opening does.
  setZone(person.company.zone);
  const store = await opening;
  const background = startWhenHere(store);
  const stops = [background.stop, forgetToday, ...[watchStatus, guardDrafts, leaveWithOtherTabs].map((begin) => begin(store)), beginAnewWith(person, store, background.retry)];
  connectSync({ retry: background.retry, update: () => void updates().then(({ applyUpdate }) => applyUpdate()) });
  let left = false;
  const keepLists = (): void => {
    if (!left) stops.push(...[keepCustomers, keepTouches, keepPromises, keepToday].map((begin) => begin(store)));
  };
  const joinOccasions = async (): Promise<void> => {
    const [{ keepOccasions }] = await Promise.all([import("../features/occasions/queries"), wholeLanguage()]);
    if (!left) stops.push(keepOccasions(store));
  };
  // They read every contact, and say it in words that no first screen needs.
  void firstScreen().then(joinOccasions).catch(reportError);
  // What Today showed last is drawn before thousands of rows are read.
  if (await recallToday(store)) void painted().then(keepLists);
  else keepLists();
  stopAll = () => {
    left = true;
    stops.forEach((stop) => stop());
    connectSync(null);
    session.value = null;
  };
  session.value = { person, store };
}

/** Takes everything of the present person off the screen. */
export function leave(): void {
  stopAll();
  stopAll = () => undefined;
}

/** Another tab signed this person out: nothing of theirs may stay on this screen. */
function leaveWithOtherTabs(store: Store): () => void {
  return onChange(store, ({ gone }) => {
    if (gone === true && session.value !== null) window.location.assign("/");
  });
}

/** Nobody signed out: the same person goes on, on what is a new device, after the password if the browser took the session, too. */
function beginAnewWith(person: Person, store: Store, retry: () => void): () => void {
  return onChange(store, ({ evicted }) => {
    if (evicted !== true) return;
    if (currentPerson() === null) rememberPerson(person);
    beginAnew(store);
    void keepPeople().finally(retry);
  });
}

/** Goes on as whoever was here last; nobody means that the sign-in is shown. Needs no network. */
export async function resume(): Promise<void> {
  await recallPeople();
  const person = currentPerson();
  if (person !== null) await enter(person);
}
