/** Puts a person's rooms together: opens the store, starts the lists and sync, and takes it all apart again. */
import catalogue from "../../../config/catalogs/entities.json";
import { setZone } from "../i18n/index";
import { currentPerson, guardDrafts, knownPeople, makeCatalog, openStore, signOutHere, switchPerson, UnsentError, watchStatus, type Person, type Store } from "../store";
import { onChange } from "../store/changes";
import { setStatus } from "../store/status";
import { applyUpdate, contactReporter, endSession, HttpError, listDevices, makeHttp, OfflineError, revokeDevice, signIn, startSync, type Http, type SignedInDevice } from "../transport";
import { keepConflicts } from "../features/conflicts/queries";
import { keepCustomers } from "../features/customers/queries";
import { keepPeople } from "../features/people/queries";
import { connectSession } from "../features/session/commands";
import { Refusal, session, type Device, type SessionPort } from "../features/session/queries";
import { retryNow } from "../features/sync/commands";
import { connectSync } from "../features/sync/queries";
import { keepTouches } from "../features/touches/queries";
import { closeSheet, navigate, openSheet } from "../ui/index";

let stopAll: () => void = () => undefined;

/** Opens the person's database and everything that lives on it. */
async function enter(person: Person): Promise<void> {
  setZone(person.company.zone);
  const store = await openStore(person.id, makeCatalog(catalogue));
  const loop = startSync(store, makeHttp(contactReporter(store)));
  const stops = [keepCustomers(store), keepPeople(store), keepTouches(store), keepConflicts(store), watchStatus(store), guardDrafts(store), leaveWithOtherTabs(store), loop.stop];
  connectSync({ retry: () => void loop.syncNow(), update: applyUpdate });
  stopAll = () => {
    stops.forEach((stop) => stop());
    connectSync(null);
    session.value = null;
  };
  session.value = { person, store };
}

/** Another tab signed this person out: nothing of theirs may stay on this screen. */
function leaveWithOtherTabs(store: Store): () => void {
  return onChange(store, ({ gone }) => {
    if (gone === true && session.value !== null) window.location.assign("/");
  });
}

/** Goes on as whoever was here last; nobody means that the sign-in is shown. Needs no network. */
export async function resume(): Promise<void> {
  const person = currentPerson();
  if (person !== null) await enter(person);
}

/** Every failure that a person can understand becomes a Refusal; anything else is a fault of ours and is thrown on. */
async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OfflineError) throw new Refusal("offline");
    if (error instanceof HttpError) throw new Refusal(error.code, plainParams(error.details));
    if (error instanceof UnsentError) throw new Refusal("unsent", { count: error.unsent.mutations, drafts: error.unsent.drafts });
    throw error;
  }
}

const plainParams = (details: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)]));

function port(http: Http): SessionPort {
  return {
    signIn: (login, password) =>
      understood(async () => {
        const { person } = await signIn(http, login, password, deviceName());
        if (session.value?.person.id === person.id) return goOn();
        stopAll();
        await enter(person);
        navigate("/", { replace: true });
      }),
    signOut: () =>
      understood(async () => {
        await signOutHere(present());
        stopAll();
        await endSession(http);
        navigate("/", { replace: true });
      }),
    switchPerson: () =>
      understood(async () => {
        await switchPerson(present());
        stopAll();
        await endSession(http);
        navigate("/", { replace: true });
      }),
    listDevices: () => understood(async () => (await listDevices(http)).map(deviceOf)),
    revokeDevice: (id) => understood(() => revokeDevice(http, id)),
    knownPeople: () => Promise.resolve(knownPeople()),
  };
}

/** The same person again, after the session had ended: the sheet goes, the queue moves. */
function goOn(): void {
  if (openSheet.value === "password") closeSheet();
  retryNow();
}

function present(): Store {
  if (session.value === null) throw new Error("nobody is signed in");
  return session.value.store;
}

const deviceOf = (device: SignedInDevice): Device => ({
  id: device.id,
  name: device.name,
  lastSeenAt: Date.parse(device.last_seen_at),
  isCurrent: device.is_current,
});

/** What the list of devices calls this one: system and browser. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const system = ["iPhone", "iPad", "Android", "Windows", "Mac OS X", "Linux"].find((each) => agent.includes(each)) ?? "";
  const browser = ["Edg", "Firefox", "Chrome", "Safari"].find((each) => agent.includes(each)) ?? "";
  return `${system.replace("Mac OS X", "Mac")} ${browser.replace("Edg", "Edge")}`.trim() || "Browser";
}

/** Connects the screens of sign-in to the network; called once. */
export function connect(): void {
  connectSession(port(makeHttp((reached) => setStatus({ offline: !reached }))));
}
