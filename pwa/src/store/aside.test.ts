import "fake-indexeddb/auto";
import { afterEach, expect, it } from "vitest";
import { abandon } from "./aside";
import { closeStores, freshStore } from "./testing";

afterEach(closeStores);

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
