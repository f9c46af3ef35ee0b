/** A log is corrected by a revision on top of it, and mended anew where the office could not take it. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { getRow, listDrafts, makeCatalog, newId, openStore, saveDraft, waitingItems, type Fields, type Store } from "../../store";
import type { Parked } from "../conflicts/queries";
import { voidInteraction } from "./commands";
import { reviseDraftKey, reviseDraftTarget } from "./revise-draft";
import { emptyForm } from "./model";
import { openCorrection, saveCorrection, type Correcting } from "./revise";
import { saveLog } from "./save-log";

let store: Store;
const customer = newId();

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
});

afterEach(() => store.close());

async function log(): Promise<string> {
  await saveLog(store, { ...emptyForm("visit", null, 1), outcome: "same", notes: "談了價錢", contactIds: ["b", "a"] }, customer, null);
  return (await waitingItems(store)).at(-1)!.pk;
}

const fieldsOf = async (pk: string): Promise<Fields> => (await getRow(store, "interaction", pk))?.fields ?? {};

async function corrected(pk: string, part: Partial<Correcting["correction"]>): Promise<() => Promise<void>> {
  const opened = await openCorrection(store, customer, pk, null);
  if (opened === null) throw new Error("the log is gone");
  const { correcting } = opened;
  return saveCorrection(store, pk, { ...correcting, correction: { ...correcting.correction, ...part } }, null);
}

test("a correction is a revision of the fields that changed, and can be taken back", async () => {
  const pk = await log();
  const undo = await corrected(pk, { outcome: "progress", notes: "談了交期" });
  expect((await waitingItems(store)).at(-1)).toMatchObject({ op: "revise", pk, patch: { notes: "談了交期", outcome: "progress" } });
  expect(await fieldsOf(pk)).toMatchObject({ customer_id: customer, outcome: "progress", notes: "談了交期", contact_ids: ["a", "b"] });
  await undo();
  expect(await fieldsOf(pk)).toMatchObject({ outcome: "same", notes: "談了價錢" });
});

test("what is emptied goes, and saving without a change writes nothing", async () => {
  const pk = await log();
  await corrected(pk, {});
  expect(await waitingItems(store)).toHaveLength(1);
  await corrected(pk, { notes: " ", contactIds: [] });
  expect(Object.keys(await fieldsOf(pk))).not.toEqual(expect.arrayContaining(["notes"]));
});

test("a parked log is created again with all it held but what was refused, in place of the parked one", async () => {
  const [pk, mutation] = [newId(), newId()];
  const patch = { customer_id: customer, channel: "visit", direction: "out", started_at: 5, touch_id: newId(), notes: "談了價錢" };
  const parked: Parked = { pk: mutation, mutationId: mutation, by: "", code: "bad_reference", fields: ["touch_id"], params: {}, entity: "interaction", rowPk: pk, op: "create", customerId: customer, state: "open", parkedAt: 1, mutation: JSON.stringify({ patch }), saved: "needs" };
  const opened = await openCorrection(store, customer, pk, parked);
  expect(opened?.correcting).toMatchObject({ editing: null, correction: { channel: "visit", notes: "談了價錢" } });
  await saveCorrection(store, pk, { ...opened!.correcting, correction: { ...opened!.correcting.correction, outcome: "concern" } }, parked);
  expect(await waitingItems(store)).toMatchObject([{ op: "create", pk, supersedes: mutation }]);
  expect(await fieldsOf(pk)).toEqual({ customer_id: customer, channel: "visit", direction: "out", started_at: 5, notes: "談了價錢", outcome: "concern" });
});

test("a half-typed correction is found again, and ends with the log it is about", async () => {
  const pk = await log();
  const draft = { customerId: customer, editing: null, correction: { notes: "還沒" } };
  saveDraft(store, reviseDraftKey(pk), draft);
  expect(reviseDraftTarget(reviseDraftKey(pk), draft)).toMatchObject({ customerId: customer });
  expect(await openCorrection(store, customer, pk, null)).toMatchObject({ isDraft: true, correcting: { correction: { notes: "還沒" } } });
  await voidInteraction(store, pk);
  expect(await listDrafts(store)).toEqual([]);
  expect((await fieldsOf(pk))["voided"]).toBe(true);
});
