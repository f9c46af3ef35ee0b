/** The twin passes the vectors that the server passes. */
import { describe, expect, test } from "vitest";
import table from "../../../../config/catalogs/fold.json";
import file from "../../../../sync/vectors/fold.json";
import type { Fields } from "../../store";
import { makeFolder, type FoldTable } from "./fold";

const folder = makeFolder(table as FoldTable);

interface Vectors {
  text: { input: string; folded: string }[];
  phone: { input: string; folded: string }[];
  initials: { input: string; initials: string[] }[];
  customer: { fields: Fields; key: string }[];
  contact: { fields: Fields; key: string }[];
  query: { input: string; parts: string[] }[];
  matches: { query: string; key: string; matches: boolean }[];
}
const vectors = file as Vectors;

describe("folding passes the shared vectors", () => {
  test.each(vectors.text)("text $input", ({ input, folded }) => expect(folder.text(input)).toBe(folded));
  test.each(vectors.phone)("phone $input", ({ input, folded }) => expect(folder.phone(input)).toBe(folded));
  test.each(vectors.initials)("initials $input", ({ input, initials }) => expect(folder.initials(input)).toEqual(initials));
  test.each(vectors.customer)("customer key $key", ({ fields, key }) => expect(folder.customerKey(fields)).toBe(key));
  test.each(vectors.contact)("contact key $key", ({ fields, key }) => expect(folder.contactKey(fields)).toBe(key));
  test.each(vectors.query)("query $input", ({ input, parts }) => expect(folder.query(input)).toEqual(parts));
  test.each(vectors.matches)("$query in $key", (each) => expect(folder.matches(folder.query(each.query), each.key)).toBe(each.matches));
});
