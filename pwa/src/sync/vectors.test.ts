/** Every vector holds in this language; the Python twin runs the same files. */
import { describe, expect, it } from "vitest";
import { type Json, isObject } from "./core/canonical";
import { entitySpec } from "./core/policy";
import { ADAPTERS, SERVER_ONLY } from "./testing/adapters";

interface Case {
  readonly name: string;
  readonly function: string;
  readonly input: Json;
  readonly expect?: Json;
  readonly error?: string;
}

interface VectorFile {
  readonly module: string;
  readonly specs?: Record<string, Json>;
  readonly cases: readonly Case[];
}

const texts = import.meta.glob<string>("../../../sync/vectors/*.json", { query: "?raw", import: "default", eager: true });

/** Vectors of a feature's shared function, run beside that feature; and the form of vectors itself. */
const ELSEWHERE = ["fold", "schema"];

const files = Object.entries(texts)
  .map(([path, text]) => [path.replace(/^.*\/(.*)\.json$/, "$1"), text] as const)
  .filter(([name]) => !ELSEWHERE.includes(name))
  .map(([name, text]) => [name, JSON.parse(text) as VectorFile] as const);

const ours = ({ module, cases }: VectorFile) =>
  cases.filter((one) => !SERVER_ONLY.includes(`${module} ${one.function}`)).map((one) => [one.name, one] as const);

function run({ module, specs = {} }: VectorFile, { function: name, input }: Case): unknown {
  const adapter = ADAPTERS[module]?.[name];
  if (!adapter) throw new Error(`no adapter for ${module} ${name}`);
  const known = new Map(Object.entries(specs).map(([key, spec]) => [key, entitySpec(spec)]));
  return JSON.parse(JSON.stringify(adapter(input as never, known)));
}

/** The code of what was thrown, or what was thrown when it has none. */
function codeOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return isObject(error) && "code" in error ? error["code"] : error;
  }
  return "nothing thrown";
}

it("there are vectors, and each file is known here", () => {
  expect(files.length).toBeGreaterThan(5);
  for (const [name, { module }] of files) expect(Object.keys(ADAPTERS), name).toContain(module);
});

describe.each(files)("%s", (_name, file) => {
  it.each(ours(file))("%s", (_case, one) => {
    if (one.error === undefined) expect(run(file, one)).toStrictEqual(one.expect);
    else expect(codeOf(() => run(file, one))).toBe(one.error);
  });
});
