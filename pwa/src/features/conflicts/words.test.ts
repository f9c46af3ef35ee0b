/** What a card says of a customer who is not on this device any more. */
import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { speak, wholeLanguage } from "../../i18n/index";
import { enqueue, makeCatalog, newId, openStore } from "../../store";
import { customers, keepCustomers } from "../customers/queries";
import { aboutWhom } from "./words";

test("a customer who left is said to have left, and nothing is claimed before the list is read", async () => {
  await speak("zh-Hant");
  await wholeLanguage();
  const store = await openStore(newId(), makeCatalog(catalogue));
  const pk = newId();
  await enqueue(store, [{ entity: "customer", pk, op: "create", fields: { name: "宏晟" } }]);
  expect(aboutWhom(newId())).toBe("");
  const stop = keepCustomers(store);
  await vi.waitFor(() => expect(customers.value).toHaveLength(1));
  expect([aboutWhom(pk), aboutWhom(newId()), aboutWhom("")]).toEqual(["宏晟", "已不在你名單裡的客戶", ""]);
  stop();
  store.close();
});
