/** Sends the outbox in order until it is empty; nothing in it is ever dropped, whatever the server says (SPEC 8). */
import { readClocks } from "../store/clock";
import { type Batch, acknowledge, firstSeqFrom, forkDevice, keepReceipts, nextBatch } from "../store/queue";
import { type PushHeader, type PushReply, type Receipt, VERSION, encodePush, parsePushReply, readReceipt } from "../sync/wire/push";
import { WireError, list } from "../sync/wire/shape";
import type { Store } from "../store/types";
import { type Context, LONG_MS, SYNC } from "./context";
import { type Answer, type Http, HttpError, OfflineError, compressed, read } from "./http";

/** Where the server wants to go on after a gap. */
interface Resume {
  readonly from: number | null;
  readonly void: PushHeader["void"];
}

/** Pushes without an answer, from a server that answers all else, before what kills its worker is sent raw. */
const MAX_SILENCES = 6;
/** Answers that take nothing before a batch that arrives altered each time is sent raw (SPEC 8.10). */
const MAX_ALTERED = 3;
/** A gap or a fork may cost some answers without a receipt; more than these lead nowhere. */
const MAX_IDLE = 4;

const ONWARD: Resume = { from: null, void: null };

/** True when the server has acknowledged everything; false when the turn's time ran out. Throws HttpError, OfflineError. */
export async function pushAll(context: Context): Promise<boolean> {
  let resume = ONWARD;
  let idle = 0;
  while (context.turn.isMine()) {
    const { bytes, mutations, txns, isRaw } = context.push;
    const batch = await nextBatch(context.store, { bytes, mutations, txns: isRaw ? 1 : txns, from: resume.from });
    if (!batch) return true;
    const reply = await attempt(context, batch, resume.void);
    if (!reply) continue;
    resume = await accept(context, batch, reply);
    idle = reply.receipts.length > 0 ? 0 : idle + 1;
    if (idle >= MAX_ALTERED && isAskedAgain(batch, reply)) context.push.isRaw = true;
    if (idle > MAX_IDLE) throw new OfflineError(false, new Error("the server answers but acknowledges nothing"));
  }
  return false;
}

/** Whether the server wants the same bytes once more, for they did not reach it as they were sent. */
const isAskedAgain = ({ items }: Batch, { fork, expected_seq: expected }: PushReply): boolean =>
  fork === null && expected === items[0]!.envelope.seq;

/** One request; null when it is to be tried again at once in another form. */
async function attempt(context: Context, batch: Batch, voided: PushHeader["void"]): Promise<PushReply | null> {
  const started = performance.now();
  try {
    const { store, http, push } = context;
    const { answer, size } = await send(store, http, batch, voided, push.isRaw);
    const reply = read(answer, parsePushReply);
    push.succeeded(size, performance.now() - started);
    return reply;
  } catch (error) {
    if (await isWorthAnother(context, batch, error)) return null;
    throw error;
  }
}

/** One push as it travels; `size` is that of its bytes before they were compressed. */
export async function send(
  store: Store, http: Http, batch: Batch, voided: PushHeader["void"], isRaw: boolean,
): Promise<{ answer: Answer; size: number }> {
  const { device, parent, cursor, ackedThrough, items } = batch;
  const header: PushHeader = {
    v: VERSION, device, now: Date.now(), acked_through: ackedThrough, parent, void: voided, store_raw: isRaw, person: store.person, cursor,
  };
  const bytes = encodePush(header, items);
  const { body, headers } = await compressed(bytes);
  const answer = await http(`${SYNC}/push`, {
    method: "POST", body, patienceMs: LONG_MS, headers: { "content-type": "application/x-ndjson", ...headers },
  });
  return { answer, size: bytes.length };
}

async function isWorthAnother(context: Context, batch: Batch, error: unknown): Promise<boolean> {
  const { store, push } = context;
  if (error instanceof OfflineError && error.timedOut) push.halve(batch.txns);
  if (error instanceof OfflineError) return (await isReachable(context)) && push.refused(batch.txns, MAX_SILENCES);
  if (!(error instanceof HttpError)) return false;
  if (error.status === 413 && batch.txns > 1) {
    push.halve(batch.txns);
    return true;
  }
  if (error.status < 500) return false;
  await keepReceipts(store, batch, receiptsOf(error));
  return push.refused(batch.txns);
}

/** Whether the server answers something else just now: then it is this push that gets no answer. */
async function isReachable({ http }: Context): Promise<boolean> {
  try {
    await http(`${SYNC}/head`);
    return true;
  } catch (error) {
    if (error instanceof HttpError) return true;
    if (error instanceof OfflineError) return false;
    throw error;
  }
}

/** A 503 brings the receipts of what was committed before it (SPEC 8.7). */
function receiptsOf({ details }: HttpError): readonly Receipt[] {
  try {
    return list(readReceipt)(details["receipts"] ?? [], "receipts");
  } catch (error) {
    if (error instanceof WireError) return []; // They come again by pull; the refusal itself is what counts here.
    throw error;
  }
}

/** Keeps what was said, and finds out where to go on. */
async function accept({ store }: Context, batch: Batch, reply: PushReply): Promise<Resume> {
  await acknowledge(store, batch.device, reply, readClocks());
  if (reply.fork) {
    await forkDevice(store, batch.device, reply.fork);
    return ONWARD;
  }
  const sent = batch.items[0]!.envelope.seq;
  if (reply.expected_seq === null || reply.expected_seq >= sent) return ONWARD;
  // The server lost some: it gets them again, and where they are gone here too it is told so (SPEC 8.5).
  const first = (await firstSeqFrom(store, reply.expected_seq)) ?? sent;
  return { from: first, void: first > reply.expected_seq ? [reply.expected_seq, first - 1] : null };
}
