/** Folds what a person types, and the names of rows not yet sent, into search keys: the twin of server/features/customers/fold.py. */
import type { Fields } from "../../store";

/** config/catalogs/fold.json. */
export interface FoldTable {
  readonly from: string;
  readonly to: string;
  readonly expand: Readonly<Record<string, string>>;
  readonly also: Readonly<Record<string, string>>;
  /** One letter for each character from code point `first` on; "-" = none. */
  readonly initials: string;
  readonly first: number;
}

export interface Folder {
  text(text: string): string;
  phone(text: string): string;
  initials(text: string): string[];
  customerKey(fields: Fields): string;
  contactKey(fields: Fields): string;
  /** The parts of a query, each of which must be in a key; none means that every row matches. */
  query(text: string): string[];
  /** Whether a row with this key is found by the parts of a query. */
  matches(parts: readonly string[], key: string): boolean;
}

const SEPARATOR = "|";
const MOST_VARIANTS = 4;
const HAN_PLANES = 0x20000;
const KEPT = /[\p{L}\p{N}]/u;
const PHONE = /^[0-9 +\-().#/]*[0-9][0-9 +\-().#/]*$/;
const EDGES = /^[ \t\r\n]+|[ \t\r\n]+$/g;

const matches = (parts: readonly string[], key: string): boolean => parts.every((part) => key.includes(part));

export function makeFolder(table: FoldTable): Folder {
  const to = Array.from(table.to);
  const simplified = new Map([...Array.from(table.from).map((one, at) => [one, to[at]!] as const), ...Object.entries(table.expand)]);
  const also = new Map(Object.entries(table.also).flatMap(([letter, group]) => Array.from(group, (one) => [one, letter] as const)));

  const text = (input: string): string =>
    Array.from(input.normalize("NFKD").toLowerCase())
      .flatMap((one) => Array.from(simplified.get(one) ?? one))
      .filter((one) => one.codePointAt(0)! >= HAN_PLANES || KEPT.test(one))
      .join("");

  const initials = (input: string): string[] => {
    const choices = Array.from(text(input)).flatMap((one) => {
      const usual = table.initials[one.codePointAt(0)! - table.first] ?? "-";
      return usual === "-" ? [] : [usual + (also.get(one) ?? "")];
    });
    return variants(choices).filter((one) => one.length > 1);
  };

  const key = (texts: readonly string[], names: readonly string[], phones: readonly string[]): string => {
    const parts = [...texts.map(text), ...names.flatMap(initials), ...phones.map(phone)];
    return [...new Set(parts.filter((part) => part !== ""))].join(SEPARATOR);
  };

  return {
    text,
    phone,
    initials,
    customerKey: (fields) =>
      key([filled(fields, "name", "legal_form").join(""), ...filled(fields, "code", "tax_id")], filled(fields, "name"), filled(fields, "phone")),
    contactKey: (fields) => key(filled(fields, "name"), filled(fields, "name"), filled(fields, "phone", "mobile")),
    query: (input) => queryParts(input, text),
    matches,
  };
}

/** Digits before any extension, with Taiwan's +886 written as its local 0. */
function phone(input: string): string {
  const plain = input.normalize("NFKC").replace(EDGES, "");
  const digits = (/^[0-9 +\-()./]*/.exec(plain)?.[0] ?? "").replace(/[^0-9]/g, "");
  return plain.startsWith("+") && digits.startsWith("886") ? `0${digits.slice(3).replace(/^0+/, "")}` : digits;
}

function queryParts(input: string, text: (input: string) => string): string[] {
  const plain = input.normalize("NFKC").replace(EDGES, "");
  if (PHONE.test(plain)) return [phone(plain)].filter((part) => part !== "");
  return plain.split(/[ \t\r\n]+/).map(text).filter((part) => part !== "");
}

/** One string per usual reading, the last choice varying first, at most four. */
function variants(choices: readonly string[]): string[] {
  const grown = choices.reduce<string[]>((heads, choice) => heads.flatMap((head) => Array.from(choice, (one) => head + one)).slice(0, MOST_VARIANTS), [""]);
  return grown;
}

function filled(fields: Fields, ...names: string[]): string[] {
  return names.map((name) => fields[name]).filter((value): value is string => typeof value === "string" && value !== "");
}
