/** What pushes need from the network; the composition root supplies it. Every call throws the session's Refusal. */

/** What the server knows of this device; instants in ms. */
export interface PushFacts {
  /** Null while the company has not set pushes up. */
  readonly publicKey: string | null;
  readonly isSubscribed: boolean;
  readonly succeededAt: number | null;
  readonly failedAt: number | null;
  /** A code of the error catalogue while the last push failed. */
  readonly error: string | null;
}

export interface PushPort {
  facts(): Promise<PushFacts>;
  reachAt(subscription: PushSubscriptionJSON): Promise<void>;
  reachNoMore(): Promise<void>;
  tryReach(): Promise<void>;
}

type Make = () => Promise<PushPort>;

let connect: (how: Make) => void = () => undefined;
/** A page that begins with the screen of notifications stands before it is connected. */
const connected = new Promise<Make>((resolve) => (connect = resolve));

/** Called by the composition root; the code behind it is fetched when somebody asks. */
export const connectPush = (how: Make): void => connect(how);

export const pushPort = async (): Promise<PushPort> => (await connected)();
