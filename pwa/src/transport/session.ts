/** Who the server thinks we are: signing in and out, and this person's devices. */
import { currentPerson, knownPeople, leavePerson, rememberPerson } from "../store/people";
import type { Person } from "../store/types";
import { type Reader, bool, list, parseText, shape, text } from "../sync/wire/shape";
import { HttpError, type Http, OfflineError, read } from "./http";
import { inTurn } from "./lock";

const AUTH = "/auth/v1";
const INSTALLATION = "baifang-installation";
const OWED = "baifang-sign-out-owed";
/** Another tab's pass may take this long to end, ms. */
const TURN_WAIT_MS = 35_000;

export interface SignedIn {
  readonly person: Person;
  readonly mustChangePassword: boolean;
}

/** A device that is signed in; instants are ISO 8601. */
export interface SignedInDevice {
  readonly id: string;
  readonly device_id: string;
  readonly name: string;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly is_current: boolean;
}

interface SessionBody {
  readonly person_id: string;
  readonly name: string;
  readonly role: string;
  readonly locale: string;
  readonly must_change_password: boolean;
  readonly company: { readonly name: string; readonly zone: string };
}

const readSession = shape<SessionBody>({
  person_id: text, name: text, role: text, locale: text, must_change_password: bool,
  company: shape<SessionBody["company"]>({ name: text, zone: text }),
});

const readDevice = shape<SignedInDevice>({
  id: text, device_id: text, name: text, created_at: text, last_seen_at: text, is_current: bool,
});

const parse = <T>(reader: Reader<T>, name: string) => (json: string): T => parseText(reader, json, name);

/** Signs in and remembers the person. Throws HttpError (`sign_in_failed`, …) and OfflineError. */
export async function signIn(http: Http, login: string, password: string, deviceName: string): Promise<SignedIn> {
  const body = JSON.stringify({ login, password, device_id: installation(), device_name: deviceName });
  // The cookie changes hands here: no tab may be sending the last person's work at that moment.
  return alone(async () => {
    const previous = currentPerson();
    leavePerson();
    try {
      await paySignOut(http);
      const answer = await http(`${AUTH}/sign-in`, { method: "POST", body });
      return remember(read(answer, parse(readSession, "session")), login);
    } catch (error) {
      if (previous) rememberPerson(previous);
      throw error;
    }
  });
}

function remember(session: SessionBody, login: string): SignedIn {
  const { person_id: id, name, role, locale, company } = session;
  const person: Person = { id, name, role, locale, company, loginName: login };
  rememberPerson(person);
  return { person, mustChangePassword: session.must_change_password };
}

/** Asks who is signed in, and refreshes what is remembered of them. Null = nobody. Throws OfflineError. */
export async function checkSession(http: Http): Promise<SignedIn | null> {
  try {
    const session = read(await http(`${AUTH}/session`), parse(readSession, "session"));
    const known = knownPeople().find(({ id }) => id === session.person_id);
    return remember(session, known?.loginName ?? session.name);
  } catch (error) {
    if (error instanceof HttpError && error.status === 401) return null;
    throw error;
  }
}

/** Ends the session on the server; offline it is owed, and paid before anybody signs in again. */
export async function endSession(http: Http): Promise<void> {
  localStorage.setItem(OWED, "1");
  try {
    await paySignOut(http);
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
  }
}

async function paySignOut(http: Http): Promise<void> {
  if (localStorage.getItem(OWED) === null) return;
  await http(`${AUTH}/sign-out`, { method: "POST", body: "{}" });
  localStorage.removeItem(OWED);
}

export const changePassword = async (http: Http, current: string, next: string): Promise<void> => {
  await http(`${AUTH}/password`, { method: "POST", body: JSON.stringify({ current, new: next }) });
};

export const listDevices = async (http: Http): Promise<readonly SignedInDevice[]> =>
  read(await http(`${AUTH}/devices`), parse(list(readDevice), "devices"));

export const revokeDevice = async (http: Http, id: string): Promise<void> => {
  await http(`${AUTH}/devices/${encodeURIComponent(id)}`, { method: "DELETE" });
};

/** This browser's id for the device list; the sync device id is another and lives only with the outbox. */
function installation(): string {
  const known = localStorage.getItem(INSTALLATION);
  if (known) return known;
  const id = crypto.randomUUID();
  localStorage.setItem(INSTALLATION, id);
  return id;
}

/** Waits for the sync turn and runs the work in it. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + TURN_WAIT_MS;
  let result: { value: T } | null = null;
  while (!(await inTurn(async () => { result = { value: await work() }; }))) {
    if (Date.now() > until) throw new OfflineError(true, new Error("another tab keeps the sync turn"));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return result!.value;
}
