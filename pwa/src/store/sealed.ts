/** How much of a person's work is sealed on this device, in numbers alone: whoever holds it may be anybody. */
import { readMeta } from "./meta";
import { countActs, unsentBlobs } from "./waiting";
import type { Person, Store } from "./types";

export interface Sealed {
  readonly person: Person;
  /** Acts that the company has not received, and those that it has since access was ended. */
  readonly unsent: number;
  readonly sent: number;
}

/** Null while nobody has ended this person's access, as far as this device knows. */
export async function sealedWork({ db }: Store, person: Person): Promise<Sealed | null> {
  const { drain } = await readMeta(db, "drain");
  if (!drain?.isBarred) return null;
  const [entries, blobs] = await Promise.all([db.outbox.toArray(), unsentBlobs(db)]);
  const unsent = countActs(entries.filter(({ acked }) => !acked), blobs);
  const sent = countActs(entries.filter(({ receipt }) => receipt?.code === "drained"), []);
  return { person, unsent, sent };
}
