/** Parts the one catalogue of refusals by language, so that a phone fetches only the sentences that it shows. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CATALOGUE = fileURLToPath(new URL("../../config/catalogs/errors.json", import.meta.url));
const NAME = "virtual:errors/";

/** Serves `virtual:errors/<language>`: code to sentence. */
export function errorsByLanguage() {
  return {
    name: "errors-by-language",
    resolveId: (id) => (id.startsWith(NAME) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${NAME}`)) return null;
      this.addWatchFile(CATALOGUE);
      return `export default ${JSON.stringify(sentences(id.slice(NAME.length + 1)))}`;
    },
  };
}

function sentences(language) {
  const all = Object.entries(JSON.parse(readFileSync(CATALOGUE, "utf8")));
  const missing = all.filter(([, texts]) => texts[language] === undefined).map(([code]) => code);
  if (missing.length > 0) throw new Error(`errors.json says nothing in ${language} for ${missing.join(", ")}`);
  return Object.fromEntries(all.map(([code, texts]) => [code, texts[language]]));
}
