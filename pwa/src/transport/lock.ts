/** Lets one tab sync at a time; a tab that froze while holding the turn loses it (R37). Correctness never rests on this. */

/** One pass's right to go on. */
export interface Turn {
  /** False when the time is up or another tab took over. Each call is also a sign of life. */
  isMine(): boolean;
}

const NAME = "baifang-sync";
const BEAT = "baifang-sync-beat";
const PASS_MS = 30_000;
/** Longer than any request may take. */
const STALE_MS = 90_000;

interface Beat {
  owner: string;
  at: number;
}

const readBeat = (): Beat | null => JSON.parse(localStorage.getItem(BEAT) ?? "null") as Beat | null;

/** Whether whoever beat last has frozen; no beat at all means that nobody holds the turn, or has only just got it. */
const isStale = (beat: Beat | null): boolean => beat !== null && Math.abs(Date.now() - beat.at) > STALE_MS;

function makeTurn(owner: string, ms: number): Turn {
  const until = Date.now() + ms;
  const beat = () => localStorage.setItem(BEAT, JSON.stringify({ owner, at: Date.now() } satisfies Beat));
  beat();
  return {
    isMine() {
      if (Date.now() > until || readBeat()?.owner !== owner) return false;
      beat();
      return true;
    },
  };
}

/** Runs the work when it is this tab's turn. False when another tab is at it. */
export async function inTurn(work: (turn: Turn) => Promise<void>, ms = PASS_MS): Promise<boolean> {
  const run = () => owned(work, ms);
  if (!("locks" in navigator)) return readBeat() === null || isStale(readBeat()) ? run() : false;
  return navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
    if (lock) return run();
    return isStale(readBeat()) ? navigator.locks.request(NAME, { steal: true }, run) : false;
  });
}

async function owned(work: (turn: Turn) => Promise<void>, ms: number): Promise<boolean> {
  const owner = crypto.randomUUID();
  try {
    await work(makeTurn(owner, ms));
  } finally {
    if (readBeat()?.owner === owner) localStorage.removeItem(BEAT);
  }
  return true;
}
