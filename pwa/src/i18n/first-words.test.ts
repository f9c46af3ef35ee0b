/** What the first screens say is here before they are drawn: the other words are fetched behind them. */
import ts from "typescript";
import { expect, test } from "vitest";
import { keysIn, sources, type Source } from "./testing";
import { catalogue as first } from "./zh-Hant/index";
import { catalogue as rest } from "./zh-Hant/rest";

/** What the page runs at once, the sign-in, sync, and what is sealed. */
const BEGIN = ["../app/main.tsx", "../features/session/views/sign-in.tsx", "../app/background.ts", "../app/sealed.ts"];

const byPath = new Map(sources.map((source) => [source.path, source]));

function fileOf(from: string, to: string): Source | undefined {
  const path = new URL(to, `file:///src/i18n/${from}`).pathname.replace("/src/", "../").replace("../i18n/", "./");
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].map((each) => byPath.get(each)).find((each) => each !== undefined);
}

interface Part {
  readonly from: string;
  /** Null for all that it has. */
  readonly names: readonly string[] | null;
  readonly isPassedOn: boolean;
}

/** What a statement takes from another file; null when that is nothing that runs. */
function partOf(node: ts.Statement): Part | null {
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly ? null : part(node.moduleSpecifier, node.importClause?.namedBindings, false);
  return ts.isExportDeclaration(node) && node.moduleSpecifier && !node.isTypeOnly ? part(node.moduleSpecifier, node.exportClause, true) : null;
}

function part(from: ts.Expression, clause: ts.Node | undefined, isPassedOn: boolean): Part | null {
  if (clause === undefined || !(ts.isNamedImports(clause) || ts.isNamedExports(clause))) return { from: (from as ts.StringLiteral).text, names: null, isPassedOn };
  const names = [...clause.elements].filter(({ isTypeOnly }) => !isTypeOnly).map(({ name, propertyName }) => (isPassedOn ? name : (propertyName ?? name)).text);
  return names.length === 0 ? null : { from: (from as ts.StringLiteral).text, names, isPassedOn };
}

/** Every file that is run with these; what a room's door merely passes on to others is not. */
function runWith(begin: readonly string[]): Source[] {
  const found = new Set<Source>();
  const visit = (source: Source | undefined, wanted: Part["names"]): void => {
    if (source === undefined) return;
    const isNew = !found.has(source);
    found.add(source);
    for (const { from, names, isPassedOn } of source.tree.statements.map(partOf).filter((each) => each !== null)) {
      const asked = isPassedOn && wanted !== null ? (names ?? wanted).filter((name) => wanted.includes(name)) : names;
      if (isPassedOn ? asked?.length !== 0 : isNew) visit(fileOf(source.path, from), asked);
    }
  };
  for (const path of begin) visit(byPath.get(path), null);
  return [...found];
}

test("the first screens find all of their words in the part that is fetched before them", () => {
  const run = runWith(BEGIN);
  expect(run.map(({ path }) => path)).toContain("../features/touches/views/due-row.tsx");
  const { whole, heads } = keysIn(run);
  const said = Object.keys({ ...first, ...rest }).filter((key) => whole.has(key) || heads.some((head) => key.startsWith(head)));
  expect(said.length).toBeGreaterThan(100);
  expect(said.filter((key) => !(key in first))).toEqual([]);
});
