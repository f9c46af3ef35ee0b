/** How a message is written and filled in: plain text with {names}, or one form per plural category. */

/** English needs "1 visit" beside "2 visits"; Chinese always writes the plain string. */
export type Message = string | { readonly one: string; readonly other: string };

export type Params = Readonly<Record<string, string | number>>;

/** The {names} inside a source text, as a type, so that a forgotten parameter does not compile. */
export type Names<T> = T extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never;

/** Picks the plural form by the parameter `n` and fills in every {name}; a name without a value stays visible. */
export function fill(message: Message, params: Params, locale: string): string {
  const text = typeof message === "string" ? message : message[category(params["n"], locale)];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

function category(n: string | number | undefined, locale: string): "one" | "other" {
  return new Intl.PluralRules(locale).select(Number(n ?? 0)) === "one" ? "one" : "other";
}

/** A translation: every key of the source, with a text of its own. */
export type Messages<Source> = Readonly<Record<keyof Source, Message>>;
