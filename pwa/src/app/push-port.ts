/** What reminders ask of the network, with every failure a person can understand made a Refusal; fetched when it is first needed. */
import type { PushPort } from "../features/reminders/push-port";
import { Refusal } from "../features/session/queries";
import { HttpError, makeHttp, OfflineError, type Http } from "../transport";
import { pushState, reachAt, reachNoMore, tryReach } from "../transport/reach";

async function ask<T>(work: (http: Http) => Promise<T>): Promise<T> {
  try {
    // That a server answers is the sync loop's to say.
    return await work(makeHttp(() => undefined));
  } catch (error) {
    if (error instanceof OfflineError) throw new Refusal("offline");
    if (error instanceof HttpError) throw new Refusal(error.code);
    throw error;
  }
}

export const pushPort: PushPort = {
  facts: () => ask(async (http) => {
    const { public_key: publicKey, subscription: known } = await pushState(http);
    return { publicKey, isSubscribed: known !== null, succeededAt: known?.succeeded_at ?? null, failedAt: known?.failed_at ?? null, error: known?.error ?? null };
  }),
  reachAt: (subscription) => ask((http) => reachAt(http, subscription)),
  reachNoMore: () => ask(reachNoMore),
  tryReach: () => ask(tryReach),
};
