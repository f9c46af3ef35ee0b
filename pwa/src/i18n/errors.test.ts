/** A refusal is told in the language on the screen, and follows a change of language. */
import { expect, test, vi } from "vitest";
import catalogue from "../../../config/catalogs/errors.json";
import { errorText, languages, loadErrors, speak, t } from "./index";

test.each(languages)("in %s every code has the catalogue's own sentence", async (language) => {
  await speak(language);
  await loadErrors();
  const wrong = Object.entries(catalogue).filter(([code, texts]) => errorText(code) !== texts[language]);
  expect(wrong).toEqual([]);
});

test("a sentence that is not here yet is fetched when it is asked for", async () => {
  vi.resetModules();
  const fresh = await import("./index");
  await fresh.speak("en");
  expect(fresh.errorText("session_required")).toBe(fresh.t("error.loading"));
  await vi.waitFor(() => expect(fresh.errorText("session_required")).toBe(catalogue.session_required.en));
});

test("a code that is newer than the app is named", async () => {
  await speak("en");
  await loadErrors();
  expect(errorText("not_known_yet")).toBe(t("error.unknown", { code: "not_known_yet" }));
});
