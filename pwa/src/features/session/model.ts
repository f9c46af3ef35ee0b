/** Who works on this device, and what signing in, out and over to someone else needs from the network. */
import type { Person, Store } from "../../store";

/** The person whose database is open now. */
export interface Session {
  readonly person: Person;
  readonly store: Store;
}

/** A device that is signed in to this person's account. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly lastSeenAt: number;
  readonly isCurrent: boolean;
}

/** Why something was refused: a code of the error catalogue with its parameters. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly params: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
    this.name = "Refusal";
  }
}

/** What the composition root supplies; every call throws Refusal, also when no server answers (`offline`). */
export interface SessionPort {
  signIn(login: string, password: string): Promise<void>;
  /** Refused with `unsent` and the count while anything waits. */
  signOut(): Promise<void>;
  /** Closes this person's database and seals its outbox; always allowed. */
  switchPerson(): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
  listDevices(): Promise<Device[]>;
  revokeDevice(id: string): Promise<void>;
  /** People who have used this device before. */
  knownPeople(): Promise<Person[]>;
}
