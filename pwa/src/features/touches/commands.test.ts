import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { listDrafts, makeCatalog, newId, openStore, saveDraft, type Store } from "../../store";
import { planTouch, type TouchForm } from "./commands";
import { touchDraftKey } from "./touch-draft";

let store: Store;

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
});

afterEach(() => store.close());

const form: TouchForm = { assigneeId: "me", contactId: null, channel: "call", why: "報價", fromOn: "2026-11-24", toOn: "2026-11-24", time: "" };

test("a mended plan takes its own draft with it, and no other", async () => {
  const [customer, pk] = [newId(), newId()];
  saveDraft(store, touchDraftKey(customer, pk), { why: "改過的" });
  saveDraft(store, touchDraftKey(customer, null), { why: "另一個" });
  await planTouch(store, customer, form, { pk });
  expect((await listDrafts(store)).map(({ key }) => key)).toEqual([touchDraftKey(customer, null)]);
});
