/** Brings the mirror up to date: pages of the log, snapshots of newly granted scopes, and joins of the two (SPEC 11, 12). */
import { type Asked, applyChunk, applyPage } from "../store/apply";
import { readClocks } from "../store/clock";
import { readMeta } from "../store/meta";
import { ackedThrough } from "../store/queue";
import { restartPull, restartScope } from "../store/scopes";
import { isQuotaError, setFull } from "../store/storage";
import { type Page, type PullRequest, parsePage } from "../sync/wire/pull";
import { VERSION } from "../sync/wire/push";
import { type Chunk, parseChunk } from "../sync/wire/snapshot";
import { type Context, LONG_MS, SYNC } from "./context";
import { type Answer, HttpError, OfflineError, readBytes } from "./http";

/** True when caught up with everything granted; false when the turn's time ran out. Throws HttpError, OfflineError. */
export async function pullAll(context: Context): Promise<boolean> {
  while (context.turn.isMine()) {
    const isLevel = await onePage(context);
    const { joins } = await readMeta(context.store.db, "joins");
    if (isLevel && Object.keys(joins).length === 0) return true;
    const wanted = Object.entries(joins).filter(([, { phase }]) => phase === "snapshot");
    await download(context, wanted.map(([scope, { token }]) => ({ scope, token })));
  }
  return false;
}

/** Whether the log is read to its end; grants that wait for a free place are told on the page that frees it (SPEC 11.2). */
async function onePage(context: Context): Promise<boolean> {
  const { store, http, pull } = context;
  const [request, asked] = await pullRequest(context);
  const started = performance.now();
  try {
    const answer = await http(`${SYNC}/pull`, { method: "POST", body: JSON.stringify(request), patienceMs: LONG_MS });
    const page = readBytes(answer, parsePage);
    const applied = await applyPage(store, page, asked, readClocks());
    pull.succeeded(page.rows.length, performance.now() - started);
    setFull(false);
    if (applied && isRefused(page, asked)) await restartPull(store, page.end.cursor);
    return applied && page.end.caught_up;
  } catch (error) {
    if (error instanceof OfflineError && error.timedOut) pull.halve();
    if (await healed(context, error, request)) return false;
    throw error;
  }
}

/** The server knows nothing of the download that we want to join: everything is brought in anew. */
const isRefused = ({ header, end }: Page, { joining }: Asked): boolean =>
  joining !== null && end.join === null && end.joined === null && !header.reset && !header.drops.includes(joining);

async function pullRequest({ store: { db, person }, pull }: Context): Promise<[PullRequest, Asked]> {
  const { device, cursor, joins, enqueuedThrough } = await readMeta(db, "device", "cursor", "joins", "enqueuedThrough");
  const [joining, join] = Object.entries(joins).find(([, { phase }]) => phase === "join") ?? [null, null];
  const request = {
    v: VERSION, device, cursor, join: join?.token ?? null, limit: pull.rows, person,
    acked_through: await ackedThrough(db), enqueued_through: enqueuedThrough,
  };
  return [request, { cursor, joining }];
}

/** What can be mended on the spot: a cursor that the server cannot read any more or whose log is purged, and a full disk (SPEC 15.4). */
async function healed({ store, pull }: Context, error: unknown, request: PullRequest): Promise<boolean> {
  if (isQuotaError(error)) {
    pull.halve();
    setFull(true);
    return false;
  }
  if (!(error instanceof HttpError) || request.cursor === null) return false;
  if (error.code === "cursor_expired") {
    const { downloadAnew } = await import("../store/expired");
    await downloadAnew(store, request.cursor, error.details);
    return true;
  }
  if (error.status !== 400 || error.code !== "bad_cursor") return false;
  await restartPull(store, request.cursor);
  return true;
}

/** One chunk to ask for: the first of its scope where there is no token. */
interface Wanted {
  readonly scope: string;
  readonly token: string | null;
}

/** Brings snapshots in, chunk by chunk, the next one on its way while one is written; a killed app goes on with the last token. */
async function download(context: Context, wanted: Wanted[]): Promise<void> {
  const { store, turn } = context;
  let asked = ask(context, wanted.shift());
  while (asked !== null && turn.isMine()) {
    const chunk = await received(context, asked);
    if (chunk === null) return;
    const { done, token } = chunk.end;
    const next = ask(context, done ? wanted.shift() : { scope: asked.scope, token });
    if (!(await applyChunk(store, chunk, asked.token))) return;
    asked = next;
  }
}

interface Asking extends Wanted {
  readonly answer: Promise<Answer>;
}

function ask({ http }: Context, wanted: Wanted | undefined): Asking | null {
  if (wanted === undefined) return null;
  const { scope, token } = wanted;
  const query = new URLSearchParams({ scope, ...(token === null ? {} : { token }) });
  const answer = http(`${SYNC}/snapshot?${query}`, { patienceMs: LONG_MS });
  // Whoever waits for it hears of a failure; if nobody does any more, nobody needs to.
  answer.catch(() => undefined);
  return { ...wanted, answer };
}

/** Null when the server refuses the token: another epoch, or no longer granted; the next page tells which. */
async function received({ store }: Context, { scope, token, answer }: Asking): Promise<Chunk | null> {
  try {
    return readBytes(await answer, parseChunk);
  } catch (error) {
    if (!isStale(error) || token === null) throw error;
    await restartScope(store, scope, token);
    return null;
  }
}

const isStale = (error: unknown): boolean => error instanceof HttpError && [400, 403, 404, 409, 410].includes(error.status);
