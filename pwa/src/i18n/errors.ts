/** The sentences of the error catalogue, which the server and the app share; they are fetched when first needed. */
import { signal } from "@preact/signals";
import { language, t, type Language } from "./language";
import { fill } from "./message";

type Catalogue = Readonly<Record<string, Readonly<Record<Language, string>>>>;

const catalogue = signal<Catalogue | null>(null);

/** Call it where a refusal may appear; the sentence then follows by itself. */
export async function loadErrors(): Promise<void> {
  if (catalogue.value !== null) return;
  const file = await import("../../../config/catalogs/errors.json");
  catalogue.value = file.default;
}

/** What went wrong and what to do, for a code of the catalogue; a newer code than ours is named. */
export function errorText(code: string, params: Readonly<Record<string, unknown>> = {}): string {
  void loadErrors();
  const known = catalogue.value;
  if (known === null) return t("error.loading");
  const message = known[code]?.[language()];
  const words = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
  return message === undefined ? t("error.unknown", { code }) : fill(message, words, language());
}
