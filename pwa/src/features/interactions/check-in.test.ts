/** Arriving: one point at most, compared with the nearest site, and never in the way of what is logged. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { enqueue, getChildren, loadDraft, makeCatalog, newId, openStore, saveDraft, type Store } from "../../store";
import { emptyForm, interactionOf, type LogForm } from "./model";
import { markOf } from "./place";
import { saveLog } from "./save-log";
import { arrive, takePhoto } from "./use-log-form";

let store: Store;
let customer: string;

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
  customer = newId();
});
afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
});

type Answer = { latitude: number; longitude: number; accuracy: number } | { code: number };

function stubPlace(answer: Answer): void {
  const getCurrentPosition = (found: (at: object) => void, failed: (error: object) => void): void =>
    "code" in answer ? failed({ ...answer, PERMISSION_DENIED: 1 }) : found({ coords: answer });
  vi.stubGlobal("navigator", { geolocation: { getCurrentPosition } });
}

const site = (lat_e7: number): Promise<unknown> =>
  enqueue(store, [{ entity: "site", pk: newId(), op: "create", fields: { customer_id: customer, city: "台中市", address: "中山路 1 號", lat_e7, lon_e7: 1_206_000_000 } }]);

async function arrived(): Promise<LogForm> {
  let form = emptyForm("visit", null, 1);
  await arrive(store, customer, (part) => (form = { ...form, ...part }));
  return form;
}

async function saved(form: LogForm) {
  await saveLog(store, form, customer, null);
  return interactionOf((await getChildren(store, "interaction", customer))[0]!);
}

test("the point is compared with the nearest of the customer's sites, and kept as it was found then", async () => {
  await site(250_000_000);
  await site(241_000_000);
  stubPlace({ latitude: 24.101, longitude: 120.6, accuracy: 11.6 });
  const form = await arrived();
  expect(form.checkIn).toMatchObject({ latE7: 241_010_000, accuracyM: 12, distanceM: 111, missing: null });
  const log = await saved({ ...form, purpose: "deliver" });
  expect([log.purpose, markOf(log.checkIn!)]).toEqual(["deliver", { kind: "verified", accuracyM: 12 }]);
  await site(241_010_000);
  const [row] = await getChildren(store, "interaction", customer);
  expect(interactionOf(row!).checkIn?.distanceM).toBe(111);
});

test.each([
  [{ code: 1 }, "refused"],
  [{ code: 2 }, "unknown"],
  [{ code: 3 }, "unknown"],
])("without a point the visit is saved with its time, and it is said that %o", async (answer, missing) => {
  await site(241_000_000);
  stubPlace(answer);
  const form = await arrived();
  expect(form.checkIn).toMatchObject({ latE7: null, distanceM: null, missing });
  const log = await saved(form);
  expect([log.checkIn?.at, markOf(log.checkIn!)]).toEqual([form.checkIn!.at, { kind: "noPoint" }]);
});

test("a browser that knows no places is no hindrance", async () => {
  vi.stubGlobal("navigator", {});
  expect((await arrived()).checkIn).toMatchObject({ missing: "unknown" });
});

test("a wildly inexact point stays within what the server takes, and verifies nothing", async () => {
  await site(241_000_000);
  stubPlace({ latitude: 24.1, longitude: 120.6, accuracy: 4_000_000 });
  const { checkIn } = await arrived();
  expect(markOf(checkIn!)).toEqual({ kind: "inexact", accuracyM: 100_000 });
});

test("a customer whose sites nobody has placed leaves it open where one was", async () => {
  stubPlace({ latitude: 24.1, longitude: 120.6, accuracy: 9 });
  expect(markOf((await arrived()).checkIn!)).toEqual({ kind: "noSite" });
});

test("a draft whose page was killed while it sought the point seeks no more", async () => {
  const key = `log:${customer}`;
  const checkIn = { at: 5, latE7: null, lonE7: null, accuracyM: null, distanceM: null, missing: "seeking" };
  saveDraft(store, key, { ...emptyForm("visit", null, 1), checkIn } as never);
  await takePhoto(store, customer, null, { sha256: "a", thumbSha256: "", mediaType: "image/jpeg", size: 1, width: 1, height: 1, takenAt: 1 });
  expect(await loadDraft(store, key)).toMatchObject({ checkIn: { at: 5, missing: "unknown" } });
});
