/** Which language the screen speaks now, and how a message key becomes its text. */
import { signal } from "@preact/signals";
import { fill, type Message, type Names, type Params } from "./message";
import type { Catalogue } from "./zh-Hant/index";

export const languages = ["zh-Hant", "zh-Hans", "en"] as const;
export type Language = (typeof languages)[number];
export type Key = keyof Catalogue;

/** Each language's own name, never translated. */
export const languageNames: Record<Language, string> = { "zh-Hant": "繁體中文", "zh-Hans": "简体中文", en: "English" };

const loaders: Record<Language, () => Promise<{ catalogue: Record<Key, Message> }>> = {
  "zh-Hant": () => import("./zh-Hant/index"),
  "zh-Hans": () => import("./zh-Hans/index"),
  en: () => import("./en/index"),
};

interface Current {
  readonly language: Language;
  readonly messages: Record<Key, Message>;
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

/** Fetches a language's messages (from the precache when offline) and then shows it. */
export async function speak(next: Language): Promise<void> {
  const { catalogue } = await loaders[next]();
  current.value = { language: next, messages: catalogue };
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
  return fill(messages[key], (params[0] as Params | undefined) ?? {}, now);
}

/** The text of a key that is put together at run time, or null when there is no such message. */
export function maybe(key: string): string | null {
  const { language: now, messages } = loaded();
  return key in messages ? fill(messages[key as Key], {}, now) : null;
}

function loaded(): Current {
  if (current.value === null) throw new Error("no language is loaded yet: await speak() first");
  return current.value;
}
