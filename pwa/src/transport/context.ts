/** What every step of one sync pass shares. */
import type { Store } from "../store/types";
import type { Http } from "./http";
import type { PullPace, PushPace } from "./pace";
import type { Turn } from "./lock";

export interface Context {
  readonly store: Store;
  readonly http: Http;
  readonly push: PushPace;
  readonly pull: PullPace;
  readonly turn: Turn;
}

/** The protocol's address space; the service worker never touches it. */
export const SYNC = "/sync/v1";
/** A page or batch may take this long on a bad link, ms. */
export const LONG_MS = 60_000;
