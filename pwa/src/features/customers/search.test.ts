/** Whom a query finds among many rows whose keys are searched as one text. */
import { expect, test } from "vitest";
import table from "../../../../config/catalogs/fold.json";
import { makeFolder, type FoldTable } from "./fold";
import { contactLightOf, lightOf, type ContactLight, type CustomerLight } from "./model";
import { found } from "./search";

const folder = makeFolder(table as FoldTable);
const row = { entity: "", rev: null, state: "server", pending: [], at: 0 } as const;
const customer = (pk: string, fold: string): CustomerLight => lightOf({ ...row, pk, fields: { name: "x", fold } });
const person = (customerId: string, fold: string): ContactLight => contactLightOf({ ...row, pk: `of ${customerId}`, fields: { customer_id: customerId, fold } });

const all = [customer("a", "永丰永丰|yfyf"), customer("b", "精密机械|jmjx|0423591234"), customer("c", "机械永久")];
const people = [person("c", "王大明|wdm"), person("b", "王小姐")];
const pks = (query: string): string[] => [...(found(query, folder, all, people) ?? [])];

test("each customer whose own key or whose person's key holds the query is found, once", () => {
  expect(["永", "機械", "王", "0423591234", "無"].map(pks)).toEqual([["a", "c"], ["b", "c"], ["c", "b"], ["b"], []]);
});

test("every part of a query must be in one key, in any order", () => {
  expect(["機械 精", "精密 機械", "機械 永久", "永 王"].map(pks)).toEqual([["b"], ["b"], ["c"], []]);
});

test("the end of one key and the beginning of the next are no hit", () => {
  expect([pks("yfyf精"), pks("1234机")]).toEqual([[], []]);
});

test("an empty query finds everybody", () => {
  expect(found(" ", folder, all, people)).toBeNull();
});

test("a list that has changed is searched as it is now", () => {
  expect(pks("新")).toEqual([]);
  expect([...found("新", folder, [...all, customer("d", "新")], people)!]).toEqual(["d"]);
});
