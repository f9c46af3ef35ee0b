/** The sentences of the error catalogue, which the server and the app share; each language's are fetched when first needed. */
import { signal } from "@preact/signals";
import { language, t, type Language } from "./language";
import { fill } from "./message";

type Sentences = Readonly<Record<string, string>>;

const loaders: Record<Language, () => Promise<{ default: Sentences }>> = {
  "zh-Hant": () => import("virtual:errors/zh-Hant"),
  "zh-Hans": () => import("virtual:errors/zh-Hans"),
  en: () => import("virtual:errors/en"),
};

const catalogues = signal<Partial<Record<Language, Sentences>>>({});

/** Before a sentence that will not be drawn again; where a screen calls `errorText`, the sentence follows by itself. */
export async function loadErrors(): Promise<void> {
  const now = language();
  if (catalogues.value[now] !== undefined) return;
  const { default: sentences } = await loaders[now]();
  catalogues.value = { ...catalogues.value, [now]: sentences };
}

/** What went wrong and what to do, for a code of the catalogue; a newer code than ours is named. */
export function errorText(code: string, params: Readonly<Record<string, unknown>> = {}): string {
  const known = catalogues.value[language()];
  if (known === undefined) {
    void loadErrors();
    return t("error.loading");
  }
  const message = known[code];
  const words = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
  return message === undefined ? t("error.unknown", { code }) : fill(message, words, language());
}
