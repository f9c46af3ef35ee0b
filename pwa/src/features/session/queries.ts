/** What the other features may know about the session: whose store is open. */
import { signal } from "@preact/signals";
import type { Person, Sealed, Store } from "../../store";
import { Refusal, type Device, type Session, type SessionPort } from "./model";

export { Refusal, type Device, type Session, type SessionPort };

export const session = signal<Session | null>(null);

/** What is sealed on this device of people whose access was ended. */
export const sealed = signal<readonly Sealed[]>([]);

/** The open store; screens that call it are only shown while somebody is signed in. */
export function useStore(): Store {
  return open().store;
}

export function useMe(): Person {
  return open().person;
}

function open(): Session {
  if (session.value === null) throw new Error("nobody is signed in on this screen");
  return session.value;
}

export const mePath = "/me";
export const devicesPath = "/me/devices";
