/** What the sign-in and device screens ask of the network, with every failure a person can understand made a Refusal. */
import { keepPeople, knownPeople, UnsentError, type Store } from "../store";
import { isQuotaError } from "../store/storage";
import type { SignedInDevice } from "../transport";
import { connectSession } from "../features/session/commands";
import { Refusal, session, type Device, type SessionPort } from "../features/session/queries";
import { retryNow } from "../features/sync/commands";
import { closeSheet, navigate, openSheet, sheetAddress } from "../ui/index";
import { deliverSealed, plainHttp, transport } from "./network";
import { enter, leave } from "./session";

/** Called once, before the first screen. */
export const connect = (): void => connectSession(port);

const port: SessionPort = {
  signIn: (login, password) => withTransport(async ({ signIn }, http) => {
    const { person, mustChangePassword } = await signIn(http, login, password, deviceName());
    await came(person);
    if (mustChangePassword) navigate(sheetAddress("new-password"));
  }),
  signOut: () => withTransport(({ endSession }, http) => away(({ signOutHere }) => signOutHere, () => endSession(http))),
  switchPerson: () => withTransport(({ endSession }, http) => away(({ switchPerson }) => switchPerson, () => endSession(http))),
  changePassword: (current, next) => withTransport(({ changePassword }, http) => changePassword(http, current, next)),
  listDevices: () => withTransport(async ({ listDevices }, http) => (await listDevices(http)).map(deviceOf)),
  revokeDevice: (id) => withTransport(({ revokeDevice }, http) => revokeDevice(http, id)),
  knownPeople: () => Promise.resolve(knownPeople()),
};

type Transport = Awaited<ReturnType<typeof transport>>;
type Leaving = typeof import("../store/leaving");

async function withTransport<T>(work: (rooms: Transport, http: ReturnType<typeof plainHttp>) => Promise<T>): Promise<T> {
  const rooms = await transport().catch(notHere);
  try {
    return await work(rooms, plainHttp(rooms));
  } catch (error) {
    if (error instanceof rooms.OfflineError) throw new Refusal("offline");
    if (error instanceof rooms.HttpError) throw new Refusal(error.code, plainParams(error.details));
    if (error instanceof UnsentError) throw new Refusal("unsent", { count: error.unsent.acts, drafts: error.unsent.drafts });
    if (isQuotaError(error)) throw new Refusal("device_full");
    throw error;
  }
}

/** Code that cannot be fetched. */
const notHere = (): never => {
  throw new Refusal("offline");
};

const plainParams = (details: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)]));

/** Somebody signed in: the same person again only moves the queue, another one gets a screen of their own. */
async function came(person: Parameters<typeof enter>[0]): Promise<void> {
  await keepPeople();
  if (session.value?.person.id === person.id) {
    if (openSheet.value === "password") closeSheet();
    return retryNow();
  }
  leave();
  await enter(person);
  deliverSealed();
}

/** First the device gives up or seals what it holds, and only then the server is told. */
async function away(how: (ways: Leaving) => (store: Store) => Promise<void>, endOnServer: () => Promise<void>): Promise<void> {
  if (session.value === null) throw new Error("nobody is signed in");
  const { store } = session.value;
  await (await import("../features/reminders/push").catch(notHere)).forgetHere();
  await how(await import("../store/leaving").catch(notHere))(store);
  leave();
  deliverSealed();
  await endOnServer();
  navigate("/", { replace: true });
}

const deviceOf = (device: SignedInDevice): Device => ({
  id: device.id,
  name: device.name,
  signedInAt: Date.parse(device.created_at),
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
