/** Which function of the core each vector names (see sync/vectors/README.md). Used by tests only. */
import { lunar, occasion } from "./occasions";
import { business, cadence, conflict, cursor, lateness, window } from "./records";
import { type Specs, lineage, merged, mutation, overlaid, policy, state } from "./rows";
import { canonical, clock, digest, dotted, ids, text } from "./values";

/** One function of a vector file: input to output, both as JSON. Inputs are trusted to have the documented form. */
export type Adapter = (given: never, specs: Specs) => unknown;

/** Functions that clients do not have: to them a cursor is opaque (SPEC 10.2). */
export const SERVER_ONLY: readonly string[] = ["core/cursor seal", "core/cursor unseal"];

/** Every other function of every vector file. */
export const ADAPTERS: Readonly<Record<string, Readonly<Record<string, Adapter>>>> = {
  "core/canonical": canonical,
  "core/ids": ids,
  "core/digest": digest,
  "core/clock": clock,
  "core/text": text,
  "core/dots": { run: dotted },
  "core/mutation": mutation,
  "core/policy": policy,
  "core/state": state,
  "core/lineage": lineage,
  "core/merge": { merge: merged },
  "core/overlay": { overlay: overlaid },
  "core/conflict": conflict,
  "core/window": window,
  "core/lunar": lunar,
  "core/occasion": occasion,
  "core/cadence": cadence,
  "core/business": business,
  "core/lateness": lateness,
  "core/cursor": cursor,
};
