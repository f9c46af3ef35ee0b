/** What remains of a line once who, when and how are taken out of it. */
import { blanked } from "./parse";
import type { Whom } from "./whom";

const EDGES = /^[\s，,。.、;；:：!！-]+|[\s，,、;；:：-]+$/gu;
const JOINTS = /^(?:(?:給|给|找|跟|和|與|与|向|再|to|with|about|for|at|on)(?:\s+|$))+/iu;

export function why(rest: string, spans: Whom["spans"]): string {
  const words = spans.reduce(blanked, rest).replace(/\s+/gu, " ").replace(EDGES, "");
  return words.replace(JOINTS, "").replace(EDGES, "");
}
