/** Keeps who uses this device where a kill cannot lose it: browsers write localStorage up to a minute late, IndexedDB at once. */
import Dexie, { type Table } from "dexie";
import { countTransactions } from "./aside";
import type { Person } from "./types";

export interface Remembered {
  /** Rises with every change, so that the newer of two copies is known. */
  readonly n: number;
  readonly known: readonly Person[];
  readonly current: string | null;
}

const THE_ONE = 0;

class Memory extends Dexie {
  declare people: Table<Remembered, number>;

  constructor() {
    super("baifang", { chromeTransactionDurability: "strict", cache: "disabled" });
    this.version(1).stores({ people: "" });
    countTransactions(this);
  }
}

async function inMemory<T>(mode: "r" | "rw", work: (people: Table<Remembered, number>) => Promise<T>): Promise<T> {
  const memory = new Memory();
  try {
    return await memory.transaction(mode, memory.people, () => work(memory.people));
  } finally {
    memory.close();
  }
}

/** Resolves when it is on the disk; what another tab wrote later stays. */
export const keepRemembered = (now: Remembered): Promise<void> =>
  inMemory("rw", async (people) => {
    const kept = await people.get(THE_ONE);
    if (kept === undefined || kept.n < now.n) await people.put(now, THE_ONE);
  });

export const readRemembered = (): Promise<Remembered | undefined> => inMemory("r", (people) => people.get(THE_ONE));
