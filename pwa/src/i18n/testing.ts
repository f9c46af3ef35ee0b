/** The app's own sources, for the tests that hold its screens against its words. */
import ts from "typescript";

const texts = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../**/testing/**", "!../**/testing.ts", "!./zh-*/*", "!./en/*"], { query: "?raw", import: "default", eager: true });

export interface Source {
  readonly path: string;
  readonly tree: ts.SourceFile;
}

export const sources: readonly Source[] = Object.entries(texts).map(([path, text]) => ({
  path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS),
}));

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

export const isText = (node: ts.Node): node is ts.StringLiteral | ts.NoSubstitutionTemplateLiteral => ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);

/** Keys written out, and the heads of those that are put together. */
export function keysIn(files: readonly Source[]): { whole: Set<string>; heads: string[] } {
  const whole = new Set<string>();
  const heads: string[] = [];
  for (const { tree } of files) {
    walk(tree, (node) => {
      if (isText(node)) whole.add(node.text);
      if (ts.isTemplateExpression(node)) heads.push(node.head.text);
    });
  }
  return { whole, heads: heads.filter((head) => /^[a-zA-Z]+(\.[a-zA-Z]+)*\.$/.test(head)) };
}
