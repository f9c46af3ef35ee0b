/** Signing in and out. The network part is handed in by the composition root: features never touch transport. */
import type { SessionPort } from "./model";

export { discardDraft } from "./discard";

let port: SessionPort | null = null;

export function connectSession(to: SessionPort): void {
  port = to;
}

export function sessionPort(): SessionPort {
  if (port === null) throw new Error("connectSession() was not called");
  return port;
}
