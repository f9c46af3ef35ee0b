/** What was begun from the app and not logged: who, by which channel, for how long it is asked. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadDraft, saveDraft, type Store } from "../../store";
import { closeStores, freshStore } from "../../store/testing";
import { answerOffer, dropOffer, offerOf, watchOffers } from "./offer";
import { offered } from "./offered";

const NOW = 1_795_000_000_000;
const link = (href: string, about?: string): HTMLAnchorElement => ({ getAttribute: () => href, dataset: { about } }) as unknown as HTMLAnchorElement;
const kept = (at: number) => ({ customerId: "c", contactId: "p", channel: "call", at });

let store: Store;
beforeEach(async () => {
  store = await freshStore();
  vi.spyOn(Date, "now").mockReturnValue(NOW);
  vi.stubGlobal("document", new EventTarget());
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  closeStores();
});

test.each([
  ["tel:0912", "c/p", { customerId: "c", contactId: "p", channel: "call", at: NOW }],
  ["mailto:a@b", "c", { customerId: "c", contactId: "", channel: "email", at: NOW }],
  ["https://line.me/R/x", "c/p", { customerId: "c", contactId: "p", channel: "chat", at: NOW }],
  ["https://maps.example/", "c/p", null],
  ["tel:0912", undefined, null],
])("a tap on %s about %s offers %o", (href, about, offer) => expect(offerOf(link(href, about), NOW)).toEqual(offer));

test.each([[11, true], [13, false]])("what was begun %d hours ago is asked for: %s", async (hours, isAsked) => {
  saveDraft(store, "log-offer", kept(NOW - hours * 3_600_000));
  const stop = watchOffers(store);
  await vi.waitFor(() => expect(offered.value !== null).toBe(isAsked));
  stop();
  expect(offered.value).toBeNull();
});

test("a log about the same customer answers it, one about another does not", async () => {
  saveDraft(store, "log-offer", kept(NOW));
  await answerOffer(store, "other");
  expect(await loadDraft(store, "log-offer")).not.toBeNull();
  await answerOffer(store, "c");
  expect(await loadDraft(store, "log-offer")).toBeNull();
});

test("what needs no log is asked for no more", async () => {
  saveDraft(store, "log-offer", kept(NOW));
  await dropOffer(store);
  const stop = watchOffers(store);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(offered.value).toBeNull();
  stop();
});
