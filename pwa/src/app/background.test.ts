/** Photos that a killed page left are gone on with at the start: what fails is said, and what cannot be fetched waits. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closeStores, freshStore } from "../store/testing";
import type { Store } from "../store";

vi.mock("../features/conflicts/queries", () => ({ keepConflicts: () => () => undefined }));
vi.mock("../features/people/queries", () => ({ keepPeople: () => () => undefined }));
vi.mock("../features/interactions/offer", () => ({ watchOffers: () => () => undefined }));
vi.mock("../transport", () => ({ contactReporter: vi.fn(), makeHttp: vi.fn(), startSync: () => ({ stop: () => undefined }) }));

let store: Store;
let told: unknown[];

beforeEach(async () => {
  vi.resetModules();
  store = await freshStore();
  await store.db.picked.put({ id: "p", key: "log:c", at: 1, keptAt: 1, type: "", bytes: new ArrayBuffer(1) });
  told = [];
});
afterEach(() => {
  vi.doUnmock("../features/interactions/left-photos");
  vi.restoreAllMocks();
  closeStores();
});

/** What a promise that nobody listens to ends with is said by the page. */
async function start(): Promise<void> {
  const { startBackground } = await import("./background");
  vi.spyOn(Promise, "reject").mockImplementation((reason) => (told.push(reason), Promise.resolve() as never));
  startBackground(store).stop();
}

test("without the code they wait for the next start, and nothing is said to have failed", async () => {
  const fetched = vi.fn();
  vi.doMock("../features/interactions/left-photos", async () => {
    fetched();
    throw new TypeError("Failed to fetch dynamically imported module");
  });
  await start();
  await vi.waitFor(() => expect(fetched).toHaveBeenCalled());
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([told, await store.db.picked.count()]).toEqual([[], 1]);
});

test("each reason why one is not in its draft is said as that of an act that failed", async () => {
  const reasons = [new Error("damaged"), new Error("full")];
  vi.doMock("../features/interactions/left-photos", () => ({ takeLeftPhotos: async () => reasons }));
  await start();
  await vi.waitFor(() => expect(told).toEqual(reasons));
});
