/** A site that moves: the point on the map is that of its old address. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { speak, wholeLanguage } from "../../i18n/language";
import { beginEdit, enqueue, getRow, makeCatalog, newId, openStore, type Fields, type Store } from "../../store";
import { conflictOf } from "../conflicts/model";
import { sideLines } from "../conflicts/words";
import { saveFields, type Saved } from "./commands";
import { typedOf, wantedOf, type Typed } from "./form";
import { mapLink, siteOf } from "./model";

const customerId = newId();
const pk = newId();
const point = { lat_e7: 241_234_567, lon_e7: 1_206_789_012 };
let store: Store;

beforeEach(async () => {
  await speak("zh-Hant");
  await wholeLanguage();
  store = await openStore(newId(), makeCatalog(catalogue));
  await enqueue(store, [{ entity: "site", pk, op: "create", fields: { customer_id: customerId, city: "台中市", address: "中山路 1 號", ...point } }]);
});

afterEach(() => store.close());

async function edit(typed: Typed): Promise<Saved> {
  const editing = await beginEdit(store, "site", pk);
  const fields = wantedOf("site", { ...typedOf("site", editing.base), ...typed });
  return saveFields(store, { entity: "site", customerId, editing, fields, draft: "", mend: null, pk });
}

const kept = async (): Promise<Fields> => (await getRow(store, "site", pk))!.fields;
const way = async (): Promise<string> => decodeURIComponent(mapLink(siteOf((await getRow(store, "site", pk))!)) ?? "");

test.each([{ address: "復興路 222 號" }, { city: "彰化縣" }, { district: "西屯區" }])("a change of %o leads by the words, and no more to the old point", async (typed) => {
  await edit(typed);
  expect(await way()).toContain(Object.values(typed)[0]);
  expect(await kept()).not.toMatchObject(point);
});

test("taken back, the point is there again", async () => {
  const { undo } = await edit({ address: "復興路 222 號" });
  await undo();
  expect(await kept()).toMatchObject({ address: "中山路 1 號", ...point });
});

test("other edits leave the point alone", async () => {
  await edit({ hours: "平日 9–17", postal_code: "400", notes: "側門進" });
  expect(await kept()).toMatchObject(point);
});

test("address and point are one thing to the merge, so that nobody's answer mixes two places", () => {
  const { groups } = makeCatalog(catalogue).specs.get("site")!;
  expect(groups.get("address")).toEqual(expect.arrayContaining(["address", "city", "lat_e7", "lon_e7"]));
});

test("a card about two addresses says a point in one line of degrees", () => {
  const side = (value: Fields) => ({ by: "mina", device: "d", at: 1, mutation: "m", value: { address: "中山路", lat_e7: null, lon_e7: null, ...value } });
  const fields = { entity: "site", group: "address", candidates: [side({ address: "復興路" })], current: side(point) };
  const conflict = conflictOf({ entity: "conflict", pk: "c", fields, rev: [1, 1], state: "needs", pending: [], at: 1 });
  expect(sideLines(conflict, conflict.current, conflict.candidates[0]!).map(({ text }) => text)).toEqual(["中山路", "24.12346, 120.67890"]);
});
