/** What the server knows of pushes to this device. */
import { type Reader, integer, nullable, parseText, shape, text } from "../sync/wire/shape";
import { type Http, read } from "./http";

const AT = "/reminders/v1/push";

/** How this device was last reached; instants in ms, `error` a code of the catalogue while the last push failed. */
export interface Delivery {
  readonly endpoint: string;
  readonly public_key: string;
  readonly created_at: number;
  readonly succeeded_at: number | null;
  readonly failed_at: number | null;
  readonly error: string | null;
}

export interface PushState {
  /** Null while the company has not set pushes up. */
  readonly public_key: string | null;
  readonly subscription: Delivery | null;
}

const readState: Reader<PushState> = shape<PushState>({
  public_key: nullable(text),
  subscription: nullable(shape<Delivery>({ endpoint: text, public_key: text, created_at: integer, succeeded_at: nullable(integer), failed_at: nullable(integer), error: nullable(text) })),
});

export const pushState = async (http: Http): Promise<PushState> => read(await http(AT), (json) => parseText(readState, json, "push"));

/** The same again changes nothing. */
export async function reachAt(http: Http, { endpoint, keys }: PushSubscriptionJSON): Promise<void> {
  await http(AT, { method: "PUT", body: JSON.stringify({ endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"] }) });
}

export const reachNoMore = async (http: Http): Promise<void> => void (await http(AT, { method: "DELETE" }));

export const tryReach = async (http: Http): Promise<void> => void (await http(`${AT}/test`, { method: "POST" }));
