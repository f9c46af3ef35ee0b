/** What is promised again and again, as chips: one's own latest words first, then the usual ones. */
import { t } from "../../i18n/index";
import type { Promised } from "./model";

const MOST = 6;
/** Longer ones are about one customer. */
const LONGEST = 10;

const usual = ["quote", "sample", "catalogue", "delivery", "callBack"] as const;

export function phrasesOf(promises: readonly Promised[], me: string): string[] {
  const short = promises.filter(({ ownerId, what }) => ownerId === me && Array.from(what.trim()).length <= LONGEST);
  const latest = [...short].sort((a, b) => (b.promisedAt ?? 0) - (a.promisedAt ?? 0)).map(({ what }) => what.trim());
  return [...new Set([...latest.slice(0, 3), ...usual.map((name) => t(`phrase.${name}`))])].slice(0, MOST);
}
