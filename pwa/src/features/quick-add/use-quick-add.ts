/** What is typed into quick add, what of it was struck out, and what all that comes to. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { language } from "../../i18n/index";
import { loadDraft, saveDraft, type Fields, type Store } from "../../store";
import { flag, strings, text } from "../../ui/values";
import { contacts, customers, findCustomers, foldCharacter, prepareSearch } from "../customers/queries";
import { currentDate, myDues } from "../touches/queries";
import { QUICK_ADD_DRAFT } from "./draft-key";
import { nameOf, parse, type Kind, type Parsed, type Piece } from "./parse";
import { equals, whom, type Whom } from "./whom";
import { why } from "./why";

/** As the draft keeps it. */
interface Typed {
  readonly line: string;
  readonly struck: readonly string[];
  /** Chosen by hand. */
  readonly chosen: Chosen | null;
  /** Whoever the line names was struck out: it is for the person to choose. */
  readonly isOpen: boolean;
}

export interface Chosen {
  readonly customerId: string;
  readonly contactId: string | null;
}

export interface QuickAdd {
  readonly line: string;
  readonly pieces: readonly Piece[];
  readonly about: Chosen | null;
  /** Whom it may be about, while that is open. */
  readonly offers: readonly Chosen[];
  readonly why: string;
  /** `YYYY-MM-DD`; today when nothing is said. Null when there is no such day. */
  readonly on: string | null;
  /** `HH:MM`, or none; null when there is no such time. */
  readonly time: string | null;
  readonly channel: string | null;
  readonly type: (line: string) => void;
  readonly strike: (piece: Piece) => void;
  readonly choose: (chosen: Chosen | null) => void;
}

const NOTHING: Typed = { line: "", struck: [], chosen: null, isOpen: false };
const OFFERED = 6;

export function useQuickAdd(store: Store): QuickAdd {
  const [typed, setTyped] = useState(NOTHING);
  useEffect(prepareSearch, []);
  useEffect(() => void loadDraft(store, QUICK_ADD_DRAFT).then((draft) => draft !== null && setTyped(typedOf(draft))), [store]);
  const change = (part: Partial<Typed>): void => {
    const next = { ...typed, ...part };
    setTyped(next);
    saveDraft(store, QUICK_ADD_DRAFT, next as unknown as Fields);
  };
  const parsed = useParsed(typed);
  const found = useFound(parsed.rest);
  const best = equals(found);
  const only = best.length === 1 ? best[0]! : null;
  const about = typed.chosen ?? (typed.isOpen ? null : only);
  return {
    line: typed.line,
    pieces: parsed.pieces,
    about,
    offers: about === null ? offersOf(parsed.rest, found) : [],
    why: why(parsed.rest, spansOf(about, found)),
    on: valueOf(parsed, "date", currentDate.value),
    time: valueOf(parsed, "time", ""),
    channel: valueOf(parsed, "channel", null),
    type: (line) => change(line === "" ? NOTHING : { line }),
    strike: (piece) => change({ struck: [...typed.struck, nameOf(piece)] }),
    choose: (chosen) => change({ chosen, isOpen: chosen === null }),
  };
}

const typedOf = (draft: Fields): Typed => ({ line: text(draft, "line"), struck: strings(draft, "struck"), chosen: (draft["chosen"] ?? null) as Chosen | null, isOpen: flag(draft, "isOpen") });

const useParsed = ({ line, struck }: Typed): Parsed =>
  useMemo(() => parse(line, { today: currentDate.value, isDayFirst: language() === "en" }, new Set(struck)), [line, struck, currentDate.value, language()]);

const valueOf = <T>({ pieces }: Parsed, kind: Kind, otherwise: T): string | T | null => {
  const piece = pieces.find((each) => each.kind === kind);
  return piece === undefined ? otherwise : piece.value;
};

function useFound(rest: string): readonly Whom[] {
  const fold = foldCharacter.value;
  const [all, people] = [customers.value, contacts.value];
  return useMemo(() => {
    if (fold === null || all === undefined || rest.trim() === "") return [];
    const rank = new Map((myDues.peek() ?? []).map(({ customerId }, at) => [customerId, at]));
    return whom(rest, { customers: all, contacts: people }, fold, (pk) => rank.get(pk) ?? rank.size);
  }, [rest, fold, all, people]);
}

/** Those who are named; where nobody is, whoever a search of all that remains finds, and last the likely ones. */
function offersOf(rest: string, found: readonly Whom[]): Chosen[] {
  if (found.length > 0) return found.slice(0, OFFERED);
  const likely = (myDues.value ?? []).map(({ customerId }) => customerId);
  const searched = findCustomers(rest, likely);
  return (searched.length > 0 ? searched : findCustomers("", likely)).slice(0, OFFERED).map(({ pk }) => ({ customerId: pk, contactId: null }));
}

const spansOf = (about: Chosen | null, found: readonly Whom[]): Whom["spans"] =>
  found.find(({ customerId, contactId }) => customerId === about?.customerId && contactId === about.contactId)?.spans ?? [];
