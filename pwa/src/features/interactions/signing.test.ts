/** A signature is one under the words that were shown; under others it is none. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { getChildren, makeCatalog, newId, openStore, type Store } from "../../store";
import { isWritten, keepSignature } from "../attachments/commands";
import { fileOf } from "../attachments/file";
import { emptyForm, interactionOf, type LogForm } from "./model";
import { saveLog } from "./save-log";
import { signedHash } from "./signing";

let store: Store;
const customer = newId();

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
});
afterEach(() => store.close());

const form: LogForm = { ...emptyForm("visit", null, 1), purpose: "deliver", notes: "裝好兩台", contactIds: ["b", "a"] };

async function signed(): Promise<LogForm> {
  const picture = { bytes: new Uint8Array([1, 2]).buffer, mediaType: "image/png" };
  return { ...form, files: [await keepSignature(store, picture, "王建宏", signedHash(customer, form))] };
}

test("the hash is of the canonical JSON of the words shown", () => {
  const text = `{"channel":"visit","contact_ids":["a","b"],"customer_id":"c","next_step":"","notes":"裝好兩台","purpose":"deliver"}`;
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then((digest) => {
    expect(signedHash("c", form)).toBe([...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  });
});

test("every word shown counts; what is only ours to think, and empty lines, do not", () => {
  const hash = signedHash(customer, form);
  const changes: Partial<LogForm>[] = [{ notes: "裝好三台" }, { nextStep: "驗收" }, { purpose: "quote" }, { contactIds: ["a"] }, { channel: "call" }];
  for (const part of changes) expect(signedHash(customer, { ...form, ...part })).not.toBe(hash);
  expect(signedHash(newId(), form)).not.toBe(hash);
  for (const part of [{ outcome: "concern" }, { nextOn: "2026-12-01" }, { nextStep: " \n" }, { contactIds: ["a", "b"] }] as Partial<LogForm>[]) expect(signedHash(customer, { ...form, ...part })).toBe(hash);
});

test("a saved log has the signature under it, and whoever reads the row finds the same hash", async () => {
  await saveLog(store, await signed(), customer, null);
  const [log] = await getChildren(store, "interaction", customer);
  const [row] = await getChildren(store, "attachment", customer);
  expect(fileOf(row!)).toMatchObject({ kind: "signature", name: "王建宏", mediaType: "image/png", signedHash: signedHash(customer, interactionOf(log!)) });
});

test("what was changed after it was signed is saved without the signature", async () => {
  await saveLog(store, { ...(await signed()), notes: "裝好三台" }, customer, null);
  expect(await getChildren(store, "attachment", customer)).toEqual([]);
});

test("a touch by accident is no signature", () => {
  expect([isWritten([]), isWritten([[[0, 0], [0.1, 0.1]]]), isWritten([Array.from({ length: 9 }, (_, i) => [i / 9, 0.2] as const)])]).toEqual([false, false, true]);
});
