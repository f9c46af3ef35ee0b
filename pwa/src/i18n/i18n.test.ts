/** No message is missing, none is left over, and no screen speaks past the catalogue. */
import ts from "typescript";
import { expect, test } from "vitest";
import { catalogue as en } from "./en/index";
import type { Message } from "./message";
import { catalogue as hans } from "./zh-Hans/index";
import { catalogue as hant } from "./zh-Hant/index";

const texts = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../**/testing/**", "!../**/testing.ts", "!./zh-*/*", "!./en/*"], { query: "?raw", import: "default", eager: true });
const sources = Object.entries(texts).map(([path, text]) => ({ path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX) }));
const views = sources.filter(({ path }) => path.endsWith(".tsx"));
const keys = Object.keys(hant);

/** Spoken text that belongs to no language: the app's data, not its words. */
const DATA = ["./legal-forms.ts", "./language.ts"];

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

function gather(files: typeof sources, pick: (node: ts.Node) => string | null): string[] {
  const found: string[] = [];
  for (const { path, tree } of files) walk(tree, (node) => void (pick(node) !== null && found.push(`${path}: ${pick(node)}`)));
  return found;
}

const isText = (node: ts.Node): node is ts.StringLiteral | ts.NoSubstitutionTemplateLiteral => ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);

const names = (message: Message): string => [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name, at, all) => all.indexOf(name) === at).sort().join();

test.each([["zh-Hans", hans], ["en", en]] as const)("%s has every message of the source and no other", (_, translation) => {
  expect(Object.keys(translation).sort()).toEqual([...keys].sort());
});

/** What is said in Taiwan but not on the mainland, where these are 退出登录, 条, 页面, 跳过, 地点, 跟进, 开票, 税号, 编号 and 自动. */
const TAIWANESE = /登出|笔|画面|略过|据点|互动|请款|统一编号|代号|会自己|萤幕|网路|软体|资讯|预设|透过/;

test("zh-Hans speaks the mainland's words, and not Taiwan's in other characters", () => {
  expect(Object.entries(hans).filter(([, words]) => TAIWANESE.test(JSON.stringify(words)))).toEqual([]);
});

test.each([["zh-Hans", hans], ["en", en]] as const)("%s fills in the same names as the source", (_, translation) => {
  const different = keys.filter((key) => names(translation[key as keyof typeof hant]) !== names(hant[key as keyof typeof hant]));
  expect(different).toEqual([]);
});

test("simplified Chinese holds no character that only traditional Chinese uses", () => {
  const traditional = /[這個們們時後會來對說話語還沒電體點聯絡業務關係檔錄傳憶離線載斷顯]/;
  expect(Object.entries(hans).filter(([, text]) => traditional.test(JSON.stringify(text)))).toEqual([]);
});

test("every message is used", () => {
  const literal = new Set<string>();
  const heads: string[] = [];
  for (const { tree } of sources) {
    walk(tree, (node) => {
      if (isText(node)) literal.add(node.text);
      if (ts.isTemplateExpression(node)) heads.push(node.head.text);
    });
  }
  const prefixes = heads.filter((head) => /^[a-zA-Z]+(\.[a-zA-Z]+)*\.$/.test(head));
  // Put together from values of rows by `maybe`, where the head of the template is a value too.
  const fromRows = ["touchState.", "calendar.", "purpose.", "role."];
  expect(keys.filter((key) => !literal.has(key) && ![...prefixes, ...fromRows].some((prefix) => key.startsWith(prefix)))).toEqual([]);
});

test("no source outside the catalogues holds Chinese words", () => {
  const han = /\p{Script=Han}/u;
  const found = gather(sources.filter(({ path }) => !DATA.includes(path)), (node) => (isText(node) || ts.isJsxText(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) && han.test(node.text) ? node.text : null);
  expect(found).toEqual([]);
});

test("no view writes words between its tags or into what is read aloud", () => {
  const spoken = new Set(["aria-label", "placeholder", "title", "alt", "label", "hint", "note", "closeLabel"]);
  const words = /\p{L}{2,}/u;
  const found = gather(views, (node) => {
    if (ts.isJsxText(node) && words.test(node.text)) return node.text.trim();
    const isSpoken = ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer !== undefined && ts.isStringLiteral(node.initializer);
    return isSpoken && words.test((node.initializer as ts.StringLiteral).text) ? (node.initializer as ts.StringLiteral).text : null;
  });
  expect(found).toEqual([]);
});
