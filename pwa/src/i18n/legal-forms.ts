/** Splits a company's name from its legal form, so that a narrow line loses the form and never the name. */

const suffixes = [
  "股份有限公司", "股份有限公司台灣分公司", "有限責任公司", "有限责任公司", "有限公司", "兩合公司", "無限公司",
  "企業社", "企业社", "工程行", "商行", "實業社", "工作室", "合作社", "農會",
  "Co., Ltd.", "Co.,Ltd.", "Co. Ltd.", "Ltd.", "Inc.", "LLC", "GmbH", "AG", "S.A.", "K.K.", "B.V.", "S.p.A.", "Pty Ltd",
];
const prefixes = ["財團法人", "社團法人", "财团法人", "社团法人"];

export interface NameParts {
  /** A form that stands before the name, or "". */
  readonly before: string;
  readonly name: string;
  /** A form that stands after the name, or "". */
  readonly after: string;
}

/** `form` is the row's own legal form, which may be missing or already be part of the name. */
export function nameParts(full: string, form: string | null = null): NameParts {
  const name = full.trim();
  const own = form?.trim() ?? "";
  const before = longest(own === "" ? prefixes : [own, ...prefixes], (each) => name !== each && name.startsWith(each));
  if (before !== "") return { before, name: name.slice(before.length).trim(), after: "" };
  const after = longest(own === "" ? suffixes : [own, ...suffixes], (each) => name !== each && name.endsWith(each));
  if (after !== "") return { before: "", name: name.slice(0, -after.length).trim(), after };
  return prefixes.includes(own) ? { before: own, name, after: "" } : { before: "", name, after: own };
}

function longest(forms: readonly string[], fits: (form: string) => boolean): string {
  return forms.filter(fits).reduce((best, each) => (each.length > best.length ? each : best), "");
}
