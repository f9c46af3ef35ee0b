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
  readonly signedInAt: number;
  readonly lastSeenAt: number;
  readonly isCurrent: boolean;
}

/** Names under which no two devices are the same: those of one kind are numbered in the order in which they signed in. */
export function toldApart(devices: readonly Device[]): Map<string, string> {
  const inOrder = [...devices].sort((a, b) => a.signedInAt - b.signedInAt);
  const alike = (device: Device): Device[] => inOrder.filter(({ name }) => name === device.name);
  return new Map(inOrder.map((device) => [device.id, alike(device).length === 1 ? device.name : `${device.name} ${alike(device).indexOf(device) + 1}`]));
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
