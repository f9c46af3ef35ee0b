import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { abandon } from "./aside";
import { guardDrafts, saveDraft } from "./drafts";
import { watch } from "./live";
import { closeStores, freshStore } from "./testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  closeStores();
});

it("writes what is half typed at once when the browser freezes the page, which may never get another turn", async () => {
  const store = await freshStore();
  const heard = new Map<string, () => void>();
  vi.stubGlobal("document", { addEventListener: (kind: string, listener: () => void) => heard.set(kind, listener) });
  vi.stubGlobal("addEventListener", () => undefined);
  guardDrafts(store);
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  saveDraft(store, "log:1", { notes: "寫到一半" });
  heard.get("freeze")!();
  expect(await store.db.drafts.toArray()).toMatchObject([{ key: "log:1", value: { notes: "寫到一半" } }]);
});

it("lets the next page in when this one is put aside within a transaction, and keeps nothing of the half of it", async () => {
  const { person, db } = await freshStore();
  const next = await freshStore(person);
  const half = db.transaction("rw", db.drafts, async () => {
    await db.drafts.put({ key: "half", value: {}, at: 1 });
    for (;;) await db.drafts.get("half");
  });
  const undone = expect(half).rejects.toThrow("aborted");
  await new Promise((resolve) => setTimeout(resolve, 20));
  abandon();
  expect(await next.db.transaction("rw", next.db.drafts, () => next.db.drafts.count())).toBe(0);
  await undone;
});

it("begins no query anew in a page that was put aside", async () => {
  let asked = 0;
  const cut = async (): Promise<void> => {
    asked += 1;
    abandon();
    throw Object.assign(new Error("cut"), { name: "PrematureCommitError" });
  };
  const failed = vi.fn();
  const stop = watch(cut, () => undefined, failed);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([asked, failed.mock.calls]).toEqual([1, []]);
  stop();
});
