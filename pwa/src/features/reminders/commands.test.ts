/** Reading the inbox, against a real local database. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { allOf, makeCatalog, newId, openStore, waitingActs, type Store } from "../../store";
import { toRecord } from "../../store/mirror";
import { upsert } from "../../store/testing";
import { markSeen } from "./commands";
import { noticeOf } from "./model";

let store: Store;

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
});

afterEach(() => store.close());

const inbox = async () => (await allOf(store, "notice")).map(noticeOf);

test("however many are read at once, they are one thing to send, and read at once", async () => {
  for (const at of [1, 2, 3]) await store.db.mirror.put(toRecord(store.catalog, upsert("notice", newId(), { created_at: at, person_id: store.person, kind: "digest" }, [1, at]), 0));
  await markSeen(store, await inbox());
  expect((await inbox()).map(({ at, isSeen }) => [at, isSeen])).toEqual([[3, true], [2, true], [1, true]]);
  expect(await waitingActs(store, 10)).toHaveLength(1);
});
