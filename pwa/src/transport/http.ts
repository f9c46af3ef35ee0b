/** One way to ask the server: bounded waiting, our header, and one kind of error for each thing that can go wrong. */
import { parseError } from "../sync/wire/error";
import { WireError } from "../sync/wire/shape";

/** The server answered and refused. `code` is of the error catalogue. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>>,
    /** How long the server asks us to wait, ms; null when it does not say. */
    readonly retryAfterMs: number | null,
  ) {
    super(`${status} ${code}`);
    this.name = "HttpError";
  }
}

/** No answer, half an answer, or one that is not our server's. `timedOut`: the link was too slow for what was asked. */
export class OfflineError extends Error {
  constructor(readonly timedOut: boolean, cause: unknown) {
    super("offline", { cause });
    this.name = "OfflineError";
  }
}

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent without the cookie: it is not the session that opens this door. */
  readonly isAnonymous?: boolean;
  /** Give up after this long, answer included, ms. */
  readonly patienceMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** Throws HttpError for a refusal and OfflineError when there is no whole answer. 304 is an answer. */
export type Http = (path: string, ask?: Ask) => Promise<Answer>;

/** After this long without a first byte the screen says offline; the request itself may still succeed. */
const SLOW_MS = 5000;
const PATIENCE_MS = 20000;

/** `onContact(false)` as soon as a request is slow or fails, `onContact(true)` with every answer. */
export function makeHttp(onContact: (reached: boolean) => void, doFetch: typeof fetch = (...args) => fetch(...args)): Http {
  return async (path, ask = {}) => {
    const abort = new AbortController();
    const slow = setTimeout(onContact, SLOW_MS, false);
    const limit = setTimeout(() => abort.abort(), ask.patienceMs ?? PATIENCE_MS);
    try {
      const response = await doFetch(path, requestInit(ask, abort.signal));
      clearTimeout(slow);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (!response.ok && response.status !== 304) throw refusal(response, bytes);
      onContact(true);
      return { status: response.status, headers: response.headers, bytes };
    } catch (error) {
      const failure = error instanceof HttpError ? error : new OfflineError(abort.signal.aborted, error);
      onContact(failure instanceof HttpError);
      throw failure;
    } finally {
      clearTimeout(slow);
      clearTimeout(limit);
    }
  };
}

function requestInit({ method = "GET", body, headers, isAnonymous }: Ask, signal: AbortSignal): RequestInit {
  return {
    method,
    // The header shows that our own script asks; another site's form cannot send it.
    headers: { "X-Baifang": "1", ...(typeof body === "string" ? { "content-type": "application/json" } : {}), ...headers },
    ...(body === undefined ? {} : { body: body as BodyInit }),
    credentials: isAnonymous ? "omit" : "same-origin",
    cache: "no-store",
    redirect: "error",
    signal,
  };
}

/** A refusal of ours, or whatever a proxy or captive portal put in its place. */
function refusal(response: Response, bytes: Uint8Array): HttpError | OfflineError {
  const wait = retryAfter(response.headers.get("retry-after"));
  try {
    const { code, details } = parseError(new TextDecoder().decode(bytes));
    return new HttpError(response.status, code, details, wait);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return new HttpError(response.status, "unexpected_answer", {}, wait);
  }
}

/** Seconds or a date, as ms from now. */
function retryAfter(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

const asText = ({ bytes }: Answer): string => new TextDecoder().decode(bytes);

/** A 200 that is not our message comes from something between us and the server. */
export function read<T>(answer: Answer, parse: (json: string) => T): T {
  return readBytes(answer, () => parse(asText(answer)));
}

export function readBytes<T>(answer: Answer, parse: (bytes: Uint8Array) => T): T {
  try {
    return parse(answer.bytes);
  } catch (error) {
    if (error instanceof WireError) throw new OfflineError(false, error);
    throw error;
  }
}

/** Compressed where the browser can; every server takes both. */
export async function compressed(bytes: Uint8Array): Promise<{ body: Uint8Array; headers: Record<string, string> }> {
  if (typeof CompressionStream === "undefined" || bytes.length < 1024) return { body: bytes, headers: {} };
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: new Uint8Array(await new Response(stream).arrayBuffer()), headers: { "content-encoding": "gzip" } };
}
