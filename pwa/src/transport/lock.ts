/** Lets one tab sync at a time; a tab that froze while holding the turn loses it (R37). Correctness never rests on this. */

/** What only one tab at a time is at. */
export interface Work {
  readonly name: string;
  /** A turn ends after this long. */
  readonly ms: number;
  /** Longer than any of its requests may take: whoever gave no sign of life for as long has frozen. */
  readonly staleMs: number;
}

/** One pass's right to go on. */
export interface Turn {
  /** False when the time is up or another tab took over. Each call is also a sign of life. */
  isMine(): boolean;
}

const SYNC: Work = { name: "baifang-sync", ms: 30_000, staleMs: 90_000 };

interface Beat {
  owner: string;
  at: number;
}

const beatOf = ({ name }: Work): string => `${name}-beat`;
const readBeat = (work: Work): Beat | null => JSON.parse(localStorage.getItem(beatOf(work)) ?? "null") as Beat | null;

/** Whether whoever beat last has frozen; no beat at all means that nobody holds the turn, or has only just got it. */
function isStale(work: Work): boolean {
  const beat = readBeat(work);
  return beat !== null && Math.abs(Date.now() - beat.at) > work.staleMs;
}

function makeTurn(owner: string, work: Work): Turn {
  const until = Date.now() + work.ms;
  const beat = () => localStorage.setItem(beatOf(work), JSON.stringify({ owner, at: Date.now() } satisfies Beat));
  beat();
  return {
    isMine() {
      if (Date.now() > until || readBeat(work)?.owner !== owner) return false;
      beat();
      return true;
    },
  };
}

/** Does it when it is this tab's turn. False when another tab is at it. Rejects with AbortError when this one froze and another took over. */
export async function inTurn(act: (turn: Turn) => Promise<void>, work: Work = SYNC): Promise<boolean> {
  const run = () => owned(act, work);
  if (!("locks" in navigator)) return readBeat(work) === null || isStale(work) ? run() : false;
  return navigator.locks.request(work.name, { ifAvailable: true }, async (lock) => {
    if (lock) return run();
    return isStale(work) ? navigator.locks.request(work.name, { steal: true }, run) : false;
  });
}

async function owned(act: (turn: Turn) => Promise<void>, work: Work): Promise<boolean> {
  const owner = crypto.randomUUID();
  try {
    await act(makeTurn(owner, work));
  } finally {
    if (readBeat(work)?.owner === owner) localStorage.removeItem(beatOf(work));
  }
  return true;
}
