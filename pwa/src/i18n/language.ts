/** Which language the screen speaks now, and how a message key becomes its text. */
import { signal } from "@preact/signals";
import { fill, type Message, type Names, type Params } from "./message";
import type { catalogue as first } from "./zh-Hant/index";
import type { catalogue as rest } from "./zh-Hant/rest";

export const languages = ["zh-Hant", "zh-Hans", "en"] as const;
export type Language = (typeof languages)[number];
type Catalogue = typeof first & typeof rest;
export type Key = keyof Catalogue;

/** Each language's own name, never translated. */
export const languageNames: Record<Language, string> = { "zh-Hant": "繁體中文", "zh-Hans": "简体中文", en: "English" };

type Loader = () => Promise<{ catalogue: Partial<Record<Key, Message>> }>;

/** What the first screens say is fetched before anything is drawn, all the rest with the other screens. */
const firstWords: Record<Language, Loader> = {
  "zh-Hant": () => import("./zh-Hant/index"),
  "zh-Hans": () => import("./zh-Hans/index"),
  en: () => import("./en/index"),
};
const restOfWords: Record<Language, Loader> = {
  "zh-Hant": () => import("./zh-Hant/rest"),
  "zh-Hans": () => import("./zh-Hans/rest"),
  en: () => import("./en/rest"),
};

interface Current {
  readonly language: Language;
  readonly messages: Partial<Record<Key, Message>>;
}

const current = signal<Current | null>(null);

/** The language on the screen; reading it in a component re-renders the component on a change. */
export function language(): Language {
  return loaded().language;
}

/** The locale for Intl: Taiwan's customs for traditional Chinese. */
export function locale(): string {
  return { "zh-Hant": "zh-Hant-TW", "zh-Hans": "zh-Hans-CN", en: "en-GB" }[language()];
}

let isWhole = false;

/** Fetches a language's messages (from the precache when offline) and then shows it. */
export async function speak(next: Language): Promise<void> {
  const loads = isWhole ? [firstWords, restOfWords] : [firstWords];
  const parts = await Promise.all(loads.map((load) => load[next]()));
  current.value = { language: next, messages: Object.assign({}, ...parts.map(({ catalogue }) => catalogue)) as Current["messages"] };
}

/**
 * Resolves when every screen can be spoken, in this language and in each that follows; rejects where the words cannot be fetched. Only
 * screens that waited for it let a person choose another language.
 */
export async function wholeLanguage(): Promise<void> {
  if (isWhole) return;
  const { language: now, messages } = loaded();
  const { catalogue } = await restOfWords[now]();
  // Nothing is drawn anew: whatever is on the screen was said in the words that were here.
  Object.assign(messages, catalogue);
  isWhole = true;
}

/** The language asked for, or the nearest one we have. */
export function nearest(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh-(hans|cn|sg|my)/i.test(tag)) return "zh-Hans";
    if (/^zh/i.test(tag)) return "zh-Hant";
    if (/^en/i.test(tag)) return "en";
  }
  return "zh-Hant";
}

/** The text of a message in the current language; every {name} of the source text is a required parameter. */
export function t<K extends Key>(
  key: K,
  ...params: [Names<Catalogue[K]>] extends [never] ? [] : [Readonly<Record<Names<Catalogue[K]>, string | number>>]
): string {
  const { language: now, messages } = loaded();
  return fill(messages[key]!, (params[0] as Params | undefined) ?? {}, now);
}

/** The text of a key that is put together at run time, or null when there is no such message. */
export function maybe(key: string): string | null {
  const { language: now, messages } = loaded();
  return key in messages ? fill(messages[key as Key]!, {}, now) : null;
}

function loaded(): Current {
  if (current.value === null) throw new Error("no language is loaded yet: await speak() first");
  return current.value;
}
