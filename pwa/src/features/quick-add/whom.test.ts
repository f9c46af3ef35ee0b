/** Whom a line names, among customers and people whose names are much alike. */
import { expect, test } from "vitest";
import type { ContactLight, CustomerLight } from "../customers/queries";
import { equals, whom } from "./whom";
import { why } from "./why";

const customer = (pk: string, name: string): CustomerLight => ({ pk, name }) as CustomerLight;
const contact = (pk: string, customerId: string, name: string, title: string): ContactLight => ({ pk, customerId, name, title }) as ContactLight;

const customers = [customer("dt", "大同精密機械"), customer("dy", "大亞電纜"), customer("tt", "台達電子"), customer("ac", "Acme Trading"), customer("m", "M")];
const contacts = [
  contact("wang-dt", "dt", "王建國", "採購經理"),
  contact("wang-dy", "dy", "王美玲", "業務經理"),
  contact("chen", "tt", "陳志明", "總經理"),
  contact("ou", "tt", "歐陽娜娜", "會計"),
  contact("amy", "ac", "Amy Lin", "Buyer"),
  contact("short", "ac", "李", ""),
];
const fold = (each: string): string => (/[\p{L}\p{N}]/u.test(each) ? (({ 國: "国", 機: "机", 電: "电", 達: "达", 經: "经" })[each] ?? each.toLowerCase()) : "");
const find = (line: string) => whom(line, { customers, contacts }, fold, (id) => (id === "dy" ? 0 : 1));
const best = (line: string) => equals(find(line)).map(({ contactId, customerId }) => contactId ?? customerId);

test.each([
  ["拜訪王建國", ["wang-dt"]],
  ["拜访王建国", ["wang-dt"]],
  ["大同 王經理", ["wang-dt"]],
  ["王採購經理", ["wang-dt"]],
  ["打給歐陽小姐", ["ou"]],
  ["陳總", ["chen"]],
  ["call amy", ["amy"]],
  ["acme amy lin", ["amy"]],
  ["台達電子談價", ["tt"]],
  ["大同", ["dt"]],
  ["陳先生", ["chen"]],
])("%s is about %s", (line, expected) => expect(best(line)).toEqual(expected));

test("several who are named as well are all offered, the likelier first", () => {
  expect(best("王經理")).toEqual(["wang-dy", "wang-dt"]);
});

test.each(["", "李", "M", "大", "amyx 開會", "xamy", "開會"])("%s names nobody", (line) => expect(find(line)).toEqual([]));

test("what is left is why, without the names and the words that joined them", () => {
  const line = "  大同 王經理，談新報價 ";
  expect(why(line, find(line)[0]!.spans)).toBe("談新報價");
  expect(why("給 王經理", find("給 王經理")[0]!.spans)).toBe("");
  expect(why("with Amy about prices", find("with Amy about prices")[0]!.spans)).toBe("prices");
});
