/** Whom a line is about: customers and their people whose names, or surname and title, stand in it. */
import type { ContactLight, CustomerLight } from "../customers/queries";

export interface Whom {
  readonly customerId: string;
  readonly contactId: string | null;
  /** Where in the line they are named, from one place up to another. */
  readonly spans: readonly Span[];
  readonly score: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Folds one character so that traditional and simplified, upper and lower case are the same; "" for one that does not count. */
export type FoldCharacter = (character: string) => string;

const LEAST = 2;
const LEAST_LATIN = 3;
const HAN = /^\p{Script=Han}/u;
const COMPOUND = /^(歐陽|欧阳|司馬|司马|上官|諸葛|诸葛|司徒|東方|东方|夏侯|尉遲|尉迟|張簡|张简|范姜)/u;
const COURTESY = ["先生", "小姐", "女士", "太太", "老師", "老师"];
const SCORE = { name: 1000, title: 600, word: 500, courtesy: 300 } as const;
const MOST_LENGTH = 50;
/** Of somebody who works where the line says. */
const BOTH = 2000;

/** A line's characters as they are compared, each with its place. */
interface Folded {
  readonly text: string;
  readonly places: readonly number[];
}

function foldedLine(line: string, fold: FoldCharacter): Folded {
  const places: number[] = [];
  let text = "";
  let at = 0;
  for (const character of line) {
    const same = fold(character);
    text += same;
    for (let i = 0; i < same.length; i++) places.push(at);
    at += character.length;
  }
  return { text, places: [...places, at] };
}

const foldedName = (name: string, fold: FoldCharacter): string => Array.from(name, fold).join("");

/** Whoever may be meant, the likeliest first; `likely` orders those who are equally well named. */
export function whom(line: string, known: { customers: readonly CustomerLight[]; contacts: readonly ContactLight[] }, fold: FoldCharacter, likely: (customerId: string) => number): Whom[] {
  const folded = foldedLine(line, fold);
  const companies = new Map(known.customers.flatMap((customer) => named(customer.pk, null, companyIn(customer, folded, fold))).map((found) => [found.customerId, found]));
  const people = known.contacts.flatMap((contact) => named(contact.customerId, contact.pk, personIn(contact, folded, fold)));
  const best = [...people.map((person) => together(person, companies.get(person.customerId))), ...companies.values()];
  return onePerCustomer(best.sort((a, b) => b.score - a.score || likely(a.customerId) - likely(b.customerId)));
}

/** Only those who are named as well as the first. */
export const equals = (found: readonly Whom[]): Whom[] => found.filter(({ score }) => score === found[0]?.score);

interface Named {
  readonly span: Span;
  readonly score: number;
}

const named = (customerId: string, contactId: string | null, found: Named | null): Whom[] =>
  found === null ? [] : [{ customerId, contactId, spans: [found.span], score: found.score }];

const together = (person: Whom, company: Whom | undefined): Whom =>
  company === undefined ? person : { ...person, spans: [...person.spans, ...company.spans], score: person.score + company.score + BOTH };

/** A customer whose person is meant is not offered once more without. */
function onePerCustomer(found: readonly Whom[]): Whom[] {
  const withPerson = new Set(found.filter(({ contactId }) => contactId !== null).map(({ customerId }) => customerId));
  return found.filter(({ customerId, contactId }) => contactId !== null || !withPerson.has(customerId));
}

/** The longest beginning of its name that the line has, of two characters or a whole word. */
function companyIn({ name }: CustomerLight, line: Folded, fold: FoldCharacter): Named | null {
  const whole = foldedName(name, fold);
  const least = HAN.test(name) ? LEAST : Math.max(LEAST_LATIN, foldedName(/^\S*/.exec(name)![0], fold).length);
  if (whole.length < least) return null;
  const at = line.text.indexOf(whole.slice(0, least));
  if (at < 0) return null;
  let length = least;
  while (length < whole.length && line.text[at + length] === whole[length]) length++;
  return { span: spanOf(line, at, length), score: length === whole.length ? SCORE.name : 10 * Math.min(length, MOST_LENGTH) };
}

function personIn({ name, title }: ContactLight, line: Folded, fold: FoldCharacter): Named | null {
  const whole = foldedName(name, fold);
  if (whole.length < LEAST) return null;
  const at = line.text.indexOf(whole);
  if (at >= 0) return { span: spanOf(line, at, whole.length), score: SCORE.name };
  return HAN.test(name) ? bySurname(name, title, line, fold) : byWord(name, line, fold);
}

/** 王經理, 王採購經理, 王總, 王小姐 */
function bySurname(name: string, title: string, line: Folded, fold: FoldCharacter): Named | null {
  const surname = COMPOUND.exec(name)?.[0] ?? Array.from(name)[0]!;
  if (!line.text.includes(foldedName(surname, fold))) return null;
  const titles = [title, title.slice(-2), /^(總|总|董)/.test(title) ? title[0]! : ""].filter((each) => each !== "");
  const ranked = [...titles.map((each) => [each, SCORE.title] as const), ...COURTESY.map((each) => [each, SCORE.courtesy] as const)];
  for (const [called, score] of ranked) {
    const words = foldedName(surname + called, fold);
    const at = line.text.indexOf(words);
    if (at >= 0) return { span: spanOf(line, at, words.length), score };
  }
  return null;
}

/** Amy, of Amy Chen */
function byWord(name: string, line: Folded, fold: FoldCharacter): Named | null {
  for (const word of name.split(/\s+/)) {
    const folded = foldedName(word, fold);
    if (folded.length < LEAST_LATIN) continue;
    const at = line.text.indexOf(folded);
    if (at >= 0 && isWhole(line, at, folded.length)) return { span: spanOf(line, at, folded.length), score: SCORE.word };
  }
  return null;
}

/** Blanks count for nothing in a folded line, but they part words: the places of two letters of one word follow each other. */
function isWhole({ text, places }: Folded, at: number, length: number): boolean {
  const isJoined = (i: number): boolean => /[\p{L}\p{N}]/u.test(text[i] ?? "") && !HAN.test(text[i]!);
  const before = at > 0 && places[at]! - places[at - 1]! === 1 && isJoined(at - 1);
  const after = places[at + length]! - places[at + length - 1]! === 1 && at + length < text.length && isJoined(at + length);
  return !before && !after;
}

const spanOf = ({ places }: Folded, at: number, length: number): Span => ({ from: places[at]!, to: places[at + length - 1]! + 1 });
