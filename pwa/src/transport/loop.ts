/** Decides when to sync: the app is open, somebody wrote, the network is back, or it is simply time. */
import { onChange, publishChange } from "../store/changes";
import { sealPerson, wipeMirror } from "../store/people";
import { isConnectionLost } from "../store/steady";
import { isQuotaError, unlessFull, withReserve } from "../store/storage";
import type { Store } from "../store/types";
import { noteBarred } from "./drain-key";
import { HttpError, type Http, OfflineError } from "./http";
import { type Turn, inTurn } from "./lock";
import { PullPace, PushPace } from "./pace";
import { pass } from "./pass";
import { report } from "./status";

export interface SyncLoop {
  /** Sync now; resolves when this pass has ended, however it ended. */
  syncNow(): Promise<void>;
  stop(): void;
}

const POLL_MS = 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Another tab has the turn: what it has not seen yet must not wait for its next poll. */
const BUSY_WAIT_MS = 1_500;

/** Starts at once. `makeHttp` of ./http with `contactReporter` gives the `http`. */
export function startSync(store: Store, http: Http): SyncLoop {
  const push = new PushPace();
  const pull = new PullPace();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let isAgain = false;
  let isStopped = false;

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    const wait = await once();
    running = null;
    if (isStopped) return;
    timer = setTimeout(nudge, isAgain ? 0 : wait);
    isAgain = false;
  };
  const nudge = (): void => {
    if (isStopped) return;
    if (running) isAgain = true;
    else running = run();
  };
  /** Returns how long to wait until the next pass, ms. */
  const once = async (): Promise<number> => {
    void carry(store, http);
    let isDone = true;
    const work = async (turn: Turn) => { isDone = await pass({ store, http, push, pull, turn }); };
    try {
      if (!(await inTurn(work))) return jitter(BUSY_WAIT_MS);
      failures = 0;
      report(store, { phase: "idle", offline: false, error: null, sessionExpired: false });
      return isDone ? jitter(POLL_MS) : 0;
    } catch (error) {
      if (store.closed) return POLL_MS;
      failures += 1;
      // What is sealed leaves by its own door, or after a new sign-in, which starts anew.
      if (isRevoked(error)) await seal(store).finally(() => { isStopped = true; });
      report(store, { phase: "waiting", ...wordsFor(error) });
      return waitAfter(error, failures);
    }
  };

  const stopListening = listen(store, nudge);
  nudge();
  return {
    syncNow: async () => {
      nudge();
      await running;
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      stopListening();
    },
  };
}

/** Photos and files go beside the passes and never in their way; their code comes only where there are any. */
async function carry(store: Store, http: Http): Promise<void> {
  try {
    if ((await store.db.blobs.count()) > 0) await unlessFull(async () => (await import("./blobs")).carryBlobs(store, http));
  } catch (error) {
    if (!store.closed && !isConnectionLost(error)) reportError(error);
  }
}

/** Everything that makes another try worth while (ux: sync while open). */
function listen(store: Store, nudge: () => void): () => void {
  const onVisible = () => document.visibilityState === "visible" && nudge();
  document.addEventListener("visibilitychange", onVisible);
  addEventListener("online", nudge);
  addEventListener("focus", nudge);
  const stopWrites = onChange(store, ({ enqueued }) => enqueued && nudge());
  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    removeEventListener("online", nudge);
    removeEventListener("focus", nudge);
    stopWrites();
  };
}

const jitter = (ms: number): number => ms * (0.75 + Math.random() / 2);

function waitAfter(error: unknown, failures: number): number {
  const asked = error instanceof HttpError ? error.retryAfterMs : null;
  // Never earlier than asked: many devices that were told the same moment must not come together.
  if (asked !== null) return asked * (1 + Math.random() / 4) + Math.random() * 1000;
  return jitter(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS));
}

interface Words {
  offline?: boolean;
  error: string | null;
  sessionExpired?: boolean;
}

/** What the status says of a failure; anything unexpected is also thrown where the console shows it. */
function wordsFor(error: unknown): Words {
  if (error instanceof OfflineError) return { offline: true, error: null };
  // A session that merely ended says so by asking for the password; a revoked device also says why.
  if (error instanceof HttpError && (error.status === 401 || error.code === "wrong_person")) {
    return { sessionExpired: true, error: error.code === "session_required" ? null : error.code };
  }
  if (error instanceof HttpError) return { error: error.code };
  if (isQuotaError(error)) return { error: "device_full" };
  // Another tab took a frozen turn over: it is the one that speaks now.
  if (isConnectionLost(error) || isAbort(error)) return { error: null };
  reportError(error);
  return { error: "internal" };
}

const isRevoked = (error: unknown): boolean => error instanceof HttpError && error.code === "device_revoked";

/** A revoked device keeps only what it has not sent, and shows nothing of it to whoever holds it (SPEC 15.7). */
async function seal(store: Store): Promise<void> {
  // Without the mirror a full device has room for the note; and it shows nothing more, even if it has none.
  await wipeMirror(store);
  try {
    await withReserve(store, () => noteBarred(store.db));
  } finally {
    await sealPerson(store);
    publishChange(store, { rows: "all", gone: true });
  }
}

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

/** For makeHttp: the screen learns of a silent server after five seconds, not when the request gives up. */
export const contactReporter = (store: Store) => (reached: boolean): void => report(store, { offline: !reached });
