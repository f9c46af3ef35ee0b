/** Carries photos and files: up in chunks that survive any cut, down when a screen asked. Never holds up a sync pass (SPEC 18). */
import { blobAwaited, blobMissing, blobRefused, blobSent, bytesOf, forgetWanted, keepDownloaded, nextBlob, tidyBlobs } from "../store/blobs";
import type { BlobRecord } from "../store/db";
import { readMeta } from "../store/meta";
import { currentPerson } from "../store/people";
import { steady } from "../store/steady";
import type { Store } from "../store/types";
import { shaHex } from "../sync/core/digest";
import { type BlobReply, type BlobRequest, parseBlobReply } from "../sync/wire/blob";
import { VERSION } from "../sync/wire/version";
import { SYNC } from "./context";
import { type Http, HttpError, OfflineError, read } from "./http";
import { inTurn, type Turn, type Work } from "./lock";

const TARGET_MS = 4_000;
const MIN_CHUNK = 4 * 1024;
const PATIENCE_MS = 30_000;
/** A whole file on a slow link. */
const DOWNLOAD_MS = 300_000;
/** So often is one blob begun anew before it waits for the next run. */
const ATTEMPTS = 4;
/** A run ends when nothing is left to do. */
const CARRYING: Work = { name: "baifang-blobs", ms: Infinity, staleMs: DOWNLOAD_MS + PATIENCE_MS };
const CONCERNS_ALL = new Set([401, 403, 429, 503]);
/** What announcing again mends. */
const ANEW = new Set(["upload_gone", "blob_mismatch"]);
/** What only a person can mend. */
const REFUSED = new Set(["blob_refused", "blob_too_large", "bad_envelope"]);

/** How many bytes to send at once: about four seconds' worth; lives as long as the tab. */
export class ChunkPace {
  bytes = 64 * 1024;

  succeeded(bytes: number, ms: number): void {
    const fit = Math.round((bytes / Math.max(ms, 1)) * TARGET_MS);
    this.bytes = Math.max(MIN_CHUNK, Math.min(fit, this.bytes * 2, 1 << 20));
  }

  failed(): void {
    this.bytes = Math.max(MIN_CHUNK, Math.round(this.bytes / 2));
  }
}

const pace = new ChunkPace();
const running = new WeakSet<Store>();

/** What one run works with. */
interface Run {
  readonly store: Store;
  readonly http: Http;
  readonly pace: ChunkPace;
  readonly turn: Turn;
}

/**
 * Sends what waits and fetches what is wanted, until nothing is left or the link fails; the next pass calls again. One tab is enough; that
 * two, of which one slept, would harm nothing is the server's doing (SPEC 18.3).
 */
export async function carryBlobs(store: Store, http: Http, at: ChunkPace = pace): Promise<void> {
  if (running.has(store)) return;
  running.add(store);
  try {
    await inTurn((turn) => carryAll({ store, http, pace: at, turn }), CARRYING);
  } catch (error) {
    // The pass that runs beside tells of these; here they only mean: another time.
    if (!(error instanceof OfflineError || error instanceof HttpError || store.closed)) throw error;
  } finally {
    running.delete(store);
  }
}

/** Nothing goes under somebody else's name, for the cookie may have changed hands; nor from a tab that slept. */
const mayGoOn = ({ store, turn }: Run): boolean => !store.closed && currentPerson()?.id === store.person && turn.isMine();

/** Those that failed last time come after all others: one that no link carries must not stand before the rest. */
const late = new Set<string>();

async function carryAll(run: Run): Promise<void> {
  await tidyBlobs(run.store, Date.now());
  const [before, passed] = [[...late], new Set(late)];
  await carryBut(passed, run);
  for (const sha256 of before) passed.delete(sha256);
  await carryBut(passed, run);
}

async function carryBut(passed: Set<string>, run: Run): Promise<void> {
  for (const state of ["waiting", "wanted"] as const) {
    for (let blob = await next(run, state, passed); blob !== null; blob = await next(run, state, passed)) {
      passed.add(blob.sha256);
      await carryOne(run, state, blob);
    }
  }
}

/** A refusal of this one alone leaves it for the next run; what concerns all ends this run. */
async function carryOne(run: Run, state: "waiting" | "wanted", blob: BlobRecord): Promise<void> {
  late.add(blob.sha256);
  try {
    await (state === "waiting" ? send(run, blob) : fetchBlob(run, blob));
    late.delete(blob.sha256);
  } catch (error) {
    if (!(error instanceof HttpError) || CONCERNS_ALL.has(error.status)) throw error;
  }
}

const next = async (run: Run, state: "waiting" | "wanted", passed: ReadonlySet<string>): Promise<BlobRecord | null> =>
  mayGoOn(run) ? nextBlob(run.store, state, passed) : null;

async function send(run: Run, blob: BlobRecord): Promise<void> {
  const { store } = run;
  const bytes = await bytesOf(store, blob.sha256);
  if (bytes === undefined) return void (await blobMissing(store, blob.sha256));
  const { epoch } = await steady(store, () => readMeta(store.db, "epoch"));
  for (let attempt = 1; ; attempt++) {
    try {
      const done = await sendWhole(run, blob, bytes);
      if (done !== null) await blobSent(store, blob.sha256, { epoch, seq: done.log_seq ?? 0 });
      return;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (REFUSED.has(error.code)) return void (await blobRefused(store, blob.sha256, error.code));
      if (!ANEW.has(error.code) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Null when the person left meanwhile, or another tab took over. */
async function sendWhole(run: Run, blob: BlobRecord, bytes: ArrayBuffer): Promise<BlobReply | null> {
  const { store, http } = run;
  const { sha256, size, media_type } = blob;
  const asked: BlobRequest = { v: VERSION, sha256, size, media_type, person: store.person };
  let reply = read(await http(`${SYNC}/blobs`, { method: "POST", body: JSON.stringify(asked) }), parseBlobReply);
  while (reply.state === "uploading") {
    if (!mayGoOn(run)) return null;
    reply = await sendChunk(run, reply, bytes);
  }
  return reply;
}

/** A damaged chunk is sent again as it is; at a wrong offset the server says where it is. */
async function sendChunk({ http, pace: at }: Run, reply: BlobReply, bytes: ArrayBuffer): Promise<BlobReply> {
  for (let attempt = 1; ; attempt++) {
    const chunk = new Uint8Array(bytes.slice(reply.offset, reply.offset + Math.min(at.bytes, reply.max_chunk)));
    const began = performance.now();
    try {
      const answer = await http(`${SYNC}/blobs/uploads/${reply.upload}`, { method: "PATCH", body: chunk, headers: told(reply.offset, chunk), patienceMs: PATIENCE_MS });
      if (chunk.length > 0) at.succeeded(chunk.length, performance.now() - began);
      return read(answer, parseBlobReply);
    } catch (error) {
      if (!(error instanceof HttpError)) at.failed();
      if (!(error instanceof HttpError) || attempt === ATTEMPTS) throw error;
      const offset = error.details["offset"];
      if (error.code === "wrong_offset" && typeof offset === "number") return { ...reply, offset };
      if (error.code !== "chunk_damaged") throw error;
    }
  }
}

const told = (offset: number, chunk: Uint8Array): Record<string, string> => ({
  "content-type": "application/offset+octet-stream",
  "upload-offset": String(offset),
  "upload-checksum": `sha256 ${base64OfHex(shaHex(chunk))}`,
});

const base64OfHex = (hex: string): string => btoa(String.fromCharCode(...hex.match(/../g)!.map((pair) => parseInt(pair, 16))));

async function fetchBlob({ store, http }: Run, { sha256 }: BlobRecord): Promise<void> {
  try {
    const { bytes } = await http(`${SYNC}/blobs/${sha256}`, { patienceMs: DOWNLOAD_MS });
    // Whatever altered it on its way: nothing is shown under a name that is not its own.
    if (shaHex(bytes) !== sha256) throw new OfflineError(false, new Error("blob altered on its way"));
    await keepDownloaded(store, sha256, bytes.slice().buffer);
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 404) throw error;
    await (error.code === "blob_on_its_way" ? blobAwaited(store, sha256, error.code) : forgetWanted(store, sha256));
  }
}
