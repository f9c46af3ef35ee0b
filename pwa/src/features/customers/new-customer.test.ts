/** A customer met on the way: written offline, found at once, and mended when the office could not take it. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import table from "../../../../config/catalogs/fold.json";
import { enqueue, getRow, lightList, makeCatalog, newId, openStore, saveDraft, waitingItems, type Fields, type Store } from "../../store";
import { saveFields, type Saved } from "./commands";
import { editDraftKey, editDraftTarget } from "./edit-draft";
import { makeFolder, type FoldTable } from "./fold";
import { typedOf } from "./form";
import { lightOf } from "./model";
import { found } from "./search";
import { openForm } from "./use-edit-form";

let store: Store;

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
});

afterEach(() => store.close());

const draft = editDraftKey("customer", "永豐", null);

const add = (fields: Fields): Promise<Saved> => saveFields(store, { entity: "customer", customerId: "永豐", editing: null, fields, draft, mend: null, pk: null });

/** Does to the only outbox entry what parking does: acknowledged, and gone from the outbox into a parked row. */
async function park(): Promise<string> {
  const [entry] = await store.db.outbox.toArray();
  if (entry === undefined) throw new Error("nothing was written");
  await store.db.outbox.delete(entry.seq);
  const { id, pk } = entry;
  const fields = { mutation_id: id, mutation: new TextDecoder().decode(entry.line), code: "forbidden", state: "open", entity: "customer", row_pk: pk, op: "create" };
  await store.db.mirror.put({ entity: "parked", pk: id, rev: [1, 1], scope: `person:${store.person}`, agg: 1, digest: "", gen: 0, body: JSON.stringify(fields), parent: "", at: "", ref: pk });
  return id;
}

test("it is found by search at once, and shows that it is only on this device", async () => {
  const { pk } = await add({ name: "永豐精密", legal_form: "股份有限公司", phone: "04-2359-1234", tags: [] });
  const light = lightOf((await getRow(store, "customer", pk))!);
  const folder = makeFolder(table as FoldTable);
  expect(light.state).toBe("device");
  for (const query of ["永丰", "yfjm", "23591234"]) expect([query, found(query, folder, [light], [])?.has(pk)]).toEqual([query, true]);
});

test("one that the office could not take is created again under its id, in place of the parked one", async () => {
  const { pk } = await add({ name: "永豐精密" });
  const parked = await park();
  const opened = await openForm(store, { entity: "customer", customerId: pk, pk, typedBefore: { name: "永豐精密" }, mendsCreate: true }, editDraftKey("customer", pk, pk));
  expect(opened?.kept.editing).toBeNull();
  await saveFields(store, { entity: "customer", customerId: pk, editing: null, fields: { name: "永豐二廠" }, draft, mend: parked, pk });
  expect(await waitingItems(store)).toMatchObject([{ op: "create", pk, supersedes: parked }]);
});

test("let go of, it leaves search at once", async () => {
  const list = lightList(store, "customer", lightOf);
  const { pk } = await add({ name: "永豐精密" });
  const shown = (): boolean => list.items.value?.some((light) => light.pk === pk) ?? false;
  await vi.waitFor(() => expect(shown()).toBe(true));
  await enqueue(store, [{ entity: "parked", pk: await park(), op: "command", fields: { command: "dismiss", expected_state: "open" } }]);
  await vi.waitFor(() => expect(shown()).toBe(false));
  list.close();
});

test("half typed, it goes on under the name that was searched for", async () => {
  saveDraft(store, draft, { editing: null, typed: { ...typedOf("customer", {}), name: "永豐精密" } });
  expect(editDraftTarget(draft, { typed: { name: "永豐精密" } })).toMatchObject({ newName: "永豐精密" });
  const opened = await openForm(store, { entity: "customer", customerId: "永豐", pk: null, typedBefore: { name: "永豐" }, mendsCreate: false }, draft);
  expect(opened).toMatchObject({ isDraft: true, kept: { typed: { name: "永豐精密" } } });
  const other = editDraftKey("customer", "大同", null);
  expect(await openForm(store, { entity: "customer", customerId: "大同", pk: null, typedBefore: { name: "大同" }, mendsCreate: false }, other)).toMatchObject({ isDraft: false, kept: { typed: { name: "大同" } } });
});
