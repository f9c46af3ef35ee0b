/** Delivers by itself what is sealed on this device of people whose access was ended, and says how much that is (SPEC 15.7). */
import catalogue from "../../../config/catalogs/entities.json";
import { currentPerson, knownPeople, makeCatalog, openStore, sealedWork, type Person, type Sealed, type Store } from "../store";
import { destroyHere } from "../store/leaving";
import { isConnectionLost } from "../store/steady";
import { isQuotaError } from "../store/storage";
import { HttpError, inTurn, makeHttp, OfflineError, type Http, type Turn } from "../transport";
// Beside the door: hardly any device ever needs it.
import { drain } from "../transport/drain";
import { sealed } from "../features/session/queries";

const AGAIN_MS = 5 * 60_000;
/** Another tab is at it, or a turn ended before everything was sent. */
const SOON_MS = 3000;

let isRunning = false;
let isAgain = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let http: Http | null = null;

/** Looks at once, and from then on for the life of the page; called again whenever somebody may have been sealed. */
export function watchSealed(): void {
  if (http === null) addEventListener("online", () => void run());
  http ??= makeHttp(() => undefined);
  void run();
}

async function run(): Promise<void> {
  isAgain = isRunning;
  if (isRunning) return;
  isRunning = true;
  clearTimeout(timer);
  let isSoon = false;
  try {
    for (const person of others()) isSoon = (await delivered(person)) || isSoon;
  } finally {
    isRunning = false;
    timer = setTimeout(() => void run(), isSoon || isAgain ? SOON_MS : AGAIN_MS);
  }
}

const others = (): Person[] => knownPeople().filter(({ id }) => id !== currentPerson()?.id);

/** True when another look is worth while soon. What is wrong with one person's work keeps nobody else's here. */
async function delivered(person: Person): Promise<boolean> {
  try {
    return await deliver(person);
  } catch (error) {
    // Without a network, or while another tab took the turn over, it waits for the next look.
    if (!isPassing(error)) reportError(error);
    return false;
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof OfflineError || error instanceof HttpError || isConnectionLost(error) || isQuotaError(error) || (error instanceof DOMException && error.name === "AbortError");

async function deliver(person: Person): Promise<boolean> {
  const store = await openStore(person.id, makeCatalog(catalogue));
  try {
    show(person, await sealedWork(store, person));
    return !(await inTurn((turn) => send(person, store, turn)));
  } finally {
    store.close();
  }
}

/** What is needed no more is destroyed before the turn ends: nobody can sign in, and write, in between. */
async function send(person: Person, store: Store, turn: Turn): Promise<void> {
  // Somebody may have signed in while we waited, or slept: then theirs is the usual way.
  const isBack = () => currentPerson()?.id === person.id;
  if (isBack()) return;
  const became = await drain(store, http!, turn);
  show(person, await sealedWork(store, person));
  if ((became === "destroyed" || became === "done") && !isBack()) await destroyHere(store);
}

/** What was delivered stays said until the page is left. */
function show(person: Person, work: Sealed | null): void {
  if (work === null) return;
  sealed.value = [...sealed.value.filter((one) => one.person.id !== person.id), work];
}
