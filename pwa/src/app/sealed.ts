/** Delivers by itself what is sealed on this device of people whose access was ended, and says how much that is (SPEC 15.7). */
import catalogue from "../../../config/catalogs/entities.json";
import { currentPerson, knownPeople, makeCatalog, openStore, sealedWork, type Person, type Sealed, type Store } from "../store";
import { destroyHere } from "../store/leaving";
import { HttpError, inTurn, makeHttp, OfflineError, type Http } from "../transport";
// Beside the door: hardly any device ever needs it.
import { drain, type Drained } from "../transport/drain";
import { sealed } from "../features/session/queries";

const AGAIN_MS = 5 * 60_000;
/** Another tab is at it, or a turn ended before everything was sent. */
const SOON_MS = 3000;

/** Called once; goes on for the life of the page. */
export function watchSealed(): void {
  const http = makeHttp(() => undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    clearTimeout(timer);
    let isSoon = false;
    for (const person of others()) isSoon = (await deliver(person, http)) || isSoon;
    isRunning = false;
    timer = setTimeout(() => void run(), isSoon ? SOON_MS : AGAIN_MS);
  };
  addEventListener("online", () => void run());
  void run();
}

const others = (): Person[] => knownPeople().filter(({ id }) => id !== currentPerson()?.id);

/** True when another look is worth while soon. */
async function deliver(person: Person, http: Http): Promise<boolean> {
  const store = await openStore(person.id, makeCatalog(catalogue));
  try {
    show(person, await sealedWork(store, person));
    const became = await attempt(store, http);
    if (became === null) return true;
    show(person, await sealedWork(store, person));
    if (became === "destroyed" || became === "done") await destroyHere(store);
    return false;
  } finally {
    store.close();
  }
}

/** Null when it is not this tab's turn. Without a network it waits for the next look. */
async function attempt(store: Store, http: Http): Promise<Drained | null> {
  let became: Drained | null = null;
  try {
    await inTurn(async (turn) => {
      // Somebody may have signed in while we waited: then theirs is the usual way.
      became = currentPerson()?.id === store.person ? "kept" : await drain(store, http, turn);
    });
  } catch (error) {
    if (error instanceof OfflineError || error instanceof HttpError) return "waiting";
    throw error;
  }
  return became;
}

/** What was delivered stays said until the page is left. */
function show(person: Person, work: Sealed | null): void {
  if (work === null) return;
  sealed.value = [...sealed.value.filter((one) => one.person.id !== person.id), work];
}
