/** No message is missing, none is left over, and no screen speaks past the catalogue. */
import ts from "typescript";
import { expect, test } from "vitest";
import { catalogue as enFirst } from "./en/index";
import { catalogue as enRest } from "./en/rest";
import type { Message } from "./message";
import { isText, keysIn, sources, walk, type Source } from "./testing";
import { catalogue as hansFirst } from "./zh-Hans/index";
import { catalogue as hansRest } from "./zh-Hans/rest";
import { catalogue as hantFirst } from "./zh-Hant/index";
import { catalogue as hantRest } from "./zh-Hant/rest";

const hant = { ...hantFirst, ...hantRest };
const hans = { ...hansFirst, ...hansRest };
const en = { ...enFirst, ...enRest };

const views = sources.filter(({ path }) => path.endsWith(".tsx"));
const keys = Object.keys(hant);

/** Spoken text that belongs to no language: the app's data, not its words. */
const GRAMMAR = ["channels", "dates", "numerals", "times", "whom", "why"].map((name) => `../features/quick-add/${name}.ts`);
const DATA = ["./legal-forms.ts", "./language.ts", ...GRAMMAR];

function gather(files: readonly Source[], pick: (node: ts.Node) => string | null): string[] {
  const found: string[] = [];
  for (const { path, tree } of files) walk(tree, (node) => void (pick(node) !== null && found.push(`${path}: ${pick(node)}`)));
  return found;
}

const names = (message: Message): string => [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name, at, all) => all.indexOf(name) === at).sort().join();

test.each([
  ["zh-Hans", hansFirst, hansRest],
  ["en", enFirst, enRest],
] as const)("%s has every message of the source in its place, and no other", (_, first, rest) => {
  expect([Object.keys(first).sort(), Object.keys(rest).sort()]).toEqual([Object.keys(hantFirst).sort(), Object.keys(hantRest).sort()]);
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
  const { whole, heads } = keysIn(sources);
  // Put together from values of rows by `maybe`, where the head of the template is a value too.
  const fromRows = ["touchState.", "calendar.", "purpose.", "role."];
  expect(keys.filter((key) => !whole.has(key) && ![...heads, ...fromRows].some((prefix) => key.startsWith(prefix)))).toEqual([]);
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
