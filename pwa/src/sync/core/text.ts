/** Three-way merge of text (SPEC 5.10), so that two people's paragraphs survive each other. */

/** Replaces the base's code points `start` to `end` (end not included) by `text`. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Points = readonly string[];
/** Equal in meaning to a hunk, the new text given as a range of the other side. */
type Span = [start: number, end: number, from: number, to: number];

export const MAX_STEPS = 1_000_000;
/** Hunks with fewer equal code points than this between them are one hunk. */
const MIN_GAP = 4;

/** From which diagonal the furthest path on diagonal k came in round d. */
const cameFrom = (v: Int32Array, zero: number, d: number, k: number): number =>
  k === -d || (k !== d && v[zero + k - 1]! < v[zero + k + 1]!) ? k + 1 : k - 1;

/** The frontier before each round of Myers' greedy search; null when the steps run out. */
function searched(a: Points, b: Points, maxSteps: number): Int32Array[] | null {
  const rounds = [new Int32Array(3)];
  let steps = 0;
  for (let d = 0; ; d++) {
    const v = new Int32Array(2 * d + 5);
    v.set(rounds[d]!, 1);
    const zero = d + 2;
    for (let k = -d; k <= d; k += 2) {
      if (++steps > maxSteps) return null;
      const from = cameFrom(v, zero, d, k);
      let x = v[zero + from]! + (from < k ? 1 : 0);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      v[zero + k] = x;
      if (x >= a.length && x - k >= b.length) return rounds;
    }
    rounds.push(v);
  }
}

/** The single insertions and deletions that the search found, in order. */
function edits(a: Points, b: Points, rounds: readonly Int32Array[]): Span[] {
  const found: Span[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = rounds.length - 1; d > 0; d--) {
    const before = rounds[d]!;
    const from = cameFrom(before, d + 1, d, x - y);
    const is_deletion = from < x - y;
    x = before[d + 1 + from]!;
    y = x - from;
    found.push(is_deletion ? [x, x + 1, y, y] : [x, x, y, y + 1]);
  }
  return found.reverse();
}

/** How far to the left an insertion or deletion is one of whole lines, else 0. */
function shiftOf(a: Points, b: Points, [start, end, from, to]: Span, floor: number): number {
  const isInsertion = start === end;
  if (isInsertion === (from === to)) return 0;
  const [side, first, last] = isInsertion ? [b, from, to] : [a, start, end];
  if (!side.slice(first, last).includes("\n")) return 0;
  for (let shift = 0; shift <= start - floor; shift++) {
    const before = a[start - shift - 1];
    const closing = side[last - shift - 1];
    if ((before === undefined || before === "\n") && closing === "\n") return shift;
    if (before === undefined || before !== closing) return 0;
  }
  return 0;
}

/** Moves whole lines that came or went to where the line begins: "- x\\n", not "x\\n- ". */
function aligned(a: Points, b: Points, spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const shift = shiftOf(a, b, span, result.at(-1)?.[1] ?? 0);
    result.push(span.map((place) => place - shift) as Span);
  }
  return result;
}

/** Makes one of spans with fewer than `gap` equal points between them. */
function joined(spans: readonly Span[], gap: number): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last && span[0] - last[1] < gap) result[result.length - 1] = [last[0], span[1], last[2], span[3]];
    else result.push(span);
  }
  return result;
}

/** The spans between texts that have no common prefix or suffix. */
function cored(a: Points, b: Points, maxSteps: number): Span[] {
  const whole: Span = [0, a.length, 0, b.length];
  if (a.length === 0 || b.length === 0) return a.length === b.length ? [] : [whole];
  const rounds = searched(a, b, maxSteps);
  return rounds ? joined(edits(a, b, rounds), 1) : [whole];
}

function commonPrefix(a: Points, b: Points): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

function commonSuffix(a: Points, b: Points, prefix: number): number {
  const room = Math.min(a.length, b.length) - prefix;
  let n = 0;
  while (n < room && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}

function diffPoints(a: Points, b: Points, maxSteps: number): Hunk[] {
  const prefix = commonPrefix(a, b);
  const suffix = commonSuffix(a, b, prefix);
  const found = cored(a.slice(prefix, a.length - suffix), b.slice(prefix, b.length - suffix), maxSteps);
  const spans = found.map((span) => span.map((place) => prefix + place) as Span);
  return joined(aligned(a, b, spans), MIN_GAP).map(([start, end, from, to]) => ({ start, end, text: b.slice(from, to).join("") }));
}

/** The hunks that turn `a` into `b`, in order, counted in code points. */
export const diff = (a: string, b: string, maxSteps = MAX_STEPS): Hunk[] => diffPoints([...a], [...b], maxSteps);

const isInsertion = (hunk: Hunk): boolean => hunk.start === hunk.end;

const overlap = (a: Hunk, b: Hunk): boolean =>
  (a.start < b.end && b.start < a.end) || (isInsertion(a) && isInsertion(b) && a.start === b.start);

/** Hunks of both sides that overlap, directly or through one another; sides are [current, new]. */
type Region = readonly [current: Hunk[], incoming: Hunk[]];

/** Earlier position first; at one position an insertion before a replacement. */
const inOrder = (a: Hunk, b: Hunk): number =>
  a.start - b.start || Number(isInsertion(b)) - Number(isInsertion(a));

function regions(current: readonly Hunk[], incoming: readonly Hunk[]): Region[] {
  const found: Region[] = [];
  const all = [...current.map((hunk) => [hunk, 0] as const), ...incoming.map((hunk) => [hunk, 1] as const)];
  for (const [hunk, side] of all.sort(([a], [b]) => inOrder(a, b))) {
    const opposite = found.at(-1)?.[side === 0 ? 1 : 0].at(-1);
    if (!opposite || !overlap(opposite, hunk)) found.push([[], []]);
    found.at(-1)![side].push(hunk);
  }
  return found;
}

/** What one side makes of the base between `start` and `end`. */
function sideText(base: Points, hunks: readonly Hunk[], start: number, end: number): string {
  let [text, at] = ["", start];
  for (const hunk of hunks) {
    text += base.slice(at, hunk.start).join("") + hunk.text;
    at = hunk.end;
  }
  return text + base.slice(at, end).join("");
}

/** Both passages of a region, and whether they had to be marked. */
function combined(c: string, n: string, bothInsert: boolean): [text: string, marked: boolean] {
  if (c === n || n === "") return [c, false];
  if (c === "") return [n, false];
  if (!bothInsert) return [`⟪${c}⟫⟪${n}⟫`, true];
  return [c.endsWith("\n") || n.startsWith("\n") ? c + n : `${c}\n${n}`, false];
}

/** One region's passage, from both sides' hunks in it. */
function passage(base: Points, [ours, theirs]: Region, start: number, end: number): [text: string, marked: boolean] {
  const c = sideText(base, ours, start, end);
  const n = sideText(base, theirs, start, end);
  if (theirs.length === 0) return [c, false];
  return ours.length === 0 ? [n, false] : combined(c, n, start === end);
}

/** The base with both sides' changes, and whether any passage had to be kept twice, in marks. */
export function merge3(
  base: string,
  current: string,
  incoming: string,
  maxSteps = MAX_STEPS,
): [text: string, overlapped: boolean] {
  if (base === current) return [incoming, false];
  if (base === incoming || current === incoming) return [current, false];
  const points = [...base];
  const hunks = (side: string): Hunk[] => diffPoints(points, [...side], maxSteps);
  let [text, at, overlapped] = ["", 0, false];
  for (const region of regions(hunks(current), hunks(incoming))) {
    const both = region.flat();
    const start = Math.min(...both.map((hunk) => hunk.start));
    const end = Math.max(...both.map((hunk) => hunk.end));
    const [added, marked] = passage(points, region, start, end);
    text += points.slice(at, start).join("") + added;
    at = end;
    overlapped ||= marked;
  }
  return [text + points.slice(at).join(""), overlapped];
}
