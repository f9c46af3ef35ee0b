/** A call, mail or chat that was begun from this app: afterwards the app offers to log it, also when the phone ended the page meanwhile. */
import { dropDraft, loadDraft, saveDraft, type Fields, type Store } from "../../store";
import { tryFlush } from "../../store/drafts";
import { integer, text } from "../../ui/values";
import { channelOf, type Channel } from "./model";
import { offered, type Offer } from "./offered";

const KEY = "log-offer";
/** What was not logged by then is not asked for any more. */
const FORGOTTEN_MS = 12 * 3_600_000;
/** On a desk no other app comes to the front: then it is asked a moment later. */
const MOMENT_MS = 1_500;

/** Notices taps that reach somebody, and offers to log them once the person is back. Returns how to stop. */
export function watchOffers(store: Store): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = (): void => void readOffer(store, Date.now()).then((offer) => (offered.value = offer), () => undefined);
  const onTap = ({ target }: Event): void => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>("a[data-about]") : null;
    const begun = link === null ? null : offerOf(link, Date.now());
    if (begun === null) return;
    keepOffer(store, begun);
    clearTimeout(timer);
    timer = setTimeout(read, MOMENT_MS);
  };
  const onShow = (): void => {
    if (document.visibilityState === "visible") read();
  };
  document.addEventListener("click", onTap);
  document.addEventListener("visibilitychange", onShow);
  read();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("click", onTap);
    document.removeEventListener("visibilitychange", onShow);
    offered.value = null;
  };
}

/** What a tapped link reaches, and by which channel; null for one that leads to nobody. */
export function offerOf(link: HTMLAnchorElement, at: number): Offer | null {
  const channel = channelBy(link.getAttribute("href") ?? "");
  const [customerId = "", contactId = ""] = (link.dataset["about"] ?? "").split("/");
  return channel === null || customerId === "" ? null : { customerId, contactId, channel, at };
}

function channelBy(href: string): Channel | null {
  if (href.startsWith("tel:")) return "call";
  if (href.startsWith("mailto:")) return "email";
  return href.startsWith("https://line.me/") ? "chat" : null;
}

/** Kept at once: the phone's own app comes to the front now. */
function keepOffer(store: Store, offer: Offer): void {
  saveDraft(store, KEY, offer as unknown as Fields);
  void tryFlush(store);
}

async function readOffer(store: Store, now: number): Promise<Offer | null> {
  const kept = await loadDraft(store, KEY);
  const [channel, at] = [channelOf(text(kept ?? {}, "channel")), integer(kept ?? {}, "at")];
  if (kept === null || channel === null || at === null || now - at > FORGOTTEN_MS) return null;
  return { customerId: text(kept, "customerId"), contactId: text(kept, "contactId"), channel, at };
}

export async function dropOffer(store: Store): Promise<void> {
  offered.value = null;
  await dropDraft(store, KEY);
}

/** Whatever was logged about this customer answers it. */
export async function answerOffer(store: Store, customerId: string): Promise<void> {
  if (text((await loadDraft(store, KEY)) ?? {}, "customerId") === customerId) await dropOffer(store);
}
