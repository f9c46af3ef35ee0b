/** Begins anew the scopes whose log the server has purged (SPEC 11.8); code of its own, for hardly anybody is away for so long. */
import { type Reader, list, nullable, shape, text } from "../sync/wire/shape";
import { type Join, readMeta, writeMeta } from "./meta";
import { restartPull } from "./scopes";
import type { Store } from "./types";

/** What the refusal says: the scopes to download anew, and the cursor that waits for them; null when it holds not so many. */
interface Expired {
  readonly scopes: readonly string[];
  readonly cursor: string | null;
}

const readExpired: Reader<Expired> = shape<Expired>({ scopes: list(text), cursor: nullable(text) });

/** Rows stay visible until their scope has joined anew; outbox, journal and drafts are not touched. Throws WireError. */
export async function downloadAnew(store: Store, asked: string, details: unknown): Promise<void> {
  const { db } = store;
  const { scopes, cursor } = readExpired(details, "details");
  if (cursor === null) return restartPull(store, asked);
  await db.transaction("rw", db.meta, async () => {
    const meta = await readMeta(db, "cursor", "gen", "joins", "lastSeq");
    if (meta.cursor !== asked) return;
    const gen = meta.gen + 1;
    const anew = Object.fromEntries(scopes.map((scope): [string, Join] => [scope, { phase: "snapshot", token: null, gen }]));
    await writeMeta(db, { cursor, gen, joins: { ...meta.joins, ...anew }, enqueuedThrough: meta.lastSeq, unequal: [], headTag: null });
  });
}
