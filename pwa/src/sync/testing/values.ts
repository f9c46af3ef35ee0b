/** What the functions that vectors name mean in this language: values, stamps, digests, text and sets. */
import { hexToBytes } from "@noble/hashes/utils.js";
import { type JsonObject, dumpText, loads, same } from "../core/canonical";
import {
  type Claim, type ClockState, NEW_CLOCK, type Reading, type Stamp, contacted, effective, later, observed, pruned,
  skewOf, stamped, tick,
} from "../core/clock";
import { type Rev, add, rowDigest, shaHex, subtract, toHex, toNumber } from "../core/digest";
import { add as addDots, elements, remove as removeDots } from "../core/dots";
import { isUuid, uuid5, uuid7 } from "../core/ids";
import type { Lineage } from "../core/lineage";
import type { Dots, Write } from "../core/state";
import { diff, merge3 } from "../core/text";
import { toBytes } from "../core/utf8";

export const canonical = {
  dumps: ({ value }: { value: unknown }) => dumpText(value),
  loads: ({ text, hex }: { text?: string; hex?: string }) => loads(hex === undefined ? toBytes(text!) : hexToBytes(hex)),
  same: ({ a, b }: { a: JsonObject; b: JsonObject }) => same(a, b),
};

export const ids = {
  uuid7: ({ ms, random }: { ms: number; random: string }) => uuid7(ms, hexToBytes(random)),
  uuid5: ({ namespace, name }: { namespace: string; name: string }) => uuid5(namespace, name),
  is_uuid: ({ text }: { text: unknown }) => isUuid(text),
};

export const digest = {
  sha_hex: ({ text }: { text: string }) => shaHex(toBytes(text)),
  row_digest: ({ entity, pk, rev, body }: { entity: string; pk: string; rev: Rev; body: string }) =>
    toHex(rowDigest(entity, pk, rev, toBytes(body))),
  sum: ({ digests }: { digests: string[] }) => toHex(digests.map(toNumber).reduce(add, 0n)),
  subtract: ({ total, digest: one }: { total: string; digest: string }) => toHex(subtract(toNumber(total), toNumber(one))),
};

interface Look extends Reading {
  do: "stamp" | "observe" | "contact";
  server_time: number;
}

const looked = (state: ClockState, look: Look): ClockState =>
  look.do === "stamp" ? stamped(state, look)
  : look.do === "observe" ? observed(state, look)
  : contacted(state, look, look.server_time);

function device({ looks, ask, prune_to }: { looks: Look[]; ask: Stamp[]; prune_to?: Stamp | null }) {
  let state = NEW_CLOCK;
  const stamps: Stamp[] = [];
  for (const look of looks) {
    state = looked(state, look);
    if (look.do === "stamp") stamps.push(state.last);
  }
  if (prune_to !== undefined) state = pruned(state, prune_to);
  const skews = ask.map((hlc) => skewOf(state, hlc));
  return { stamps, skews, skew: state.skew, kept: state.kept.map(({ upTo, skew }) => [upTo, skew]) };
}

type Ordered = [stamp: Stamp, device: string, seq: number];
const writer = ([stamp, name, seq]: Ordered) => ({ stamp, device: name, seq });

export const clock = {
  tick: ({ last, wall }: { last: Stamp; wall: number }) => tick(last, wall),
  effective: (claim: Claim) => effective(claim),
  later: ({ a, b }: { a: Ordered; b: Ordered }) => later(writer(a), writer(b)),
  device,
};

export const text = {
  diff: ({ a, b, max_steps }: { a: string; b: string; max_steps?: number }) =>
    diff(a, b, max_steps).map(({ start, end, text: added }) => [start, end, added]),
  merge3: (given: { base: string; current: string; new: string; max_steps?: number }) => {
    const [merged, overlapped] = merge3(given.base, given.current, given.new, given.max_steps);
    return { text: merged, overlapped };
  },
};

type WriteJson = [string, string, string, number, Stamp, Rev, number];
const writeOf = ([mutation, person, name, seq, stamp, rev, agg]: WriteJson): Write => ({
  mutation, person, device: name, seq, stamp, rev, agg,
});

interface DotStep {
  do: "add" | "remove";
  names: string[];
  write: WriteJson;
  seen: Rev | null;
  lineage: Lineage;
}

export function dotted({ steps }: { steps: DotStep[] }) {
  let held: Dots = {};
  for (const { do: what, names, write, seen, lineage } of steps) {
    held = what === "add" ? addDots(held, names, writeOf(write), seen, lineage) : removeDots(held, names, seen, lineage);
  }
  const mutations = Object.entries(held).map(([name, adds]) => [name, adds.map(({ mutation }) => mutation)]);
  return { elements: elements(held), dots: Object.fromEntries(mutations) };
}
