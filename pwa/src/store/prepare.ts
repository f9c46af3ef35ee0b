/** Turns one wish of a person into a mutation that only lacks its stamp: what differs, what was seen, and nothing that cannot travel. */
import { CanonicalError, cleaned, dumpText, type Json } from "../sync/core/canonical";
import type { Mutation } from "../sync/core/mutation";
import type { Policy } from "../sync/core/policy";
import { rootOf, specOf } from "./catalog";
import { difference } from "./difference";
import { beginEdit, seenNow } from "./editing";
import { EnqueueError } from "./errors";
import { newId } from "./ids";
import { earlier } from "./shown";
import type { Change, Editing, Fields, Rev, Store } from "./types";

/** A change that is ready to be stamped. */
export interface Prepared {
  readonly mutation: Omit<Mutation, "hlc">;
  readonly parent: string;
  readonly editing: Editing;
  readonly wanted: Fields;
}

/** Null when it would change nothing. Throws EnqueueError when it could never be applied. */
export async function prepare(store: Store, change: Change): Promise<Prepared | null> {
  const { entity, pk, op, after = [], supersedes } = change;
  const wanted = clean(change.fields ?? {});
  const editing = change.editing ?? (await editingFor(store, change));
  const { patch, base } = contents(store, change, wanted, editing);
  if ((op === "patch" || op === "revise") && Object.keys(patch).length === 0 && !supersedes) return null;
  const mutation = {
    id: newId(), entity, pk, op, patch, base, after,
    seen_rev: op === "create" ? null : seenBy(store, entity, editing, patch),
    schema: store.catalog.schema,
    ...(supersedes ? { supersedes } : {}),
    ...(op === "delete" && editing.seenAgg !== null ? { seen_agg: editing.seenAgg } : {}),
  };
  return { mutation, parent: rootOf(store.catalog, entity, pk, { ...editing.base, ...wanted }), editing, wanted };
}

/** How much of what it overwrites the change has seen: no more than the own writes in its fields had. */
function seenBy(store: Store, entity: string, { seenRev, own = {} }: Editing, patch: Fields): Rev | null {
  const fields = store.catalog.specs.get(entity)?.fields;
  const names = Object.keys(patch).filter((name) => name in own && isValue(fields?.get(name)?.policy));
  return names.reduce((seen, name) => earlier(seen, own[name]!), seenRev);
}

/** Texts merge from their own base, and sets and counters show the row beneath: for them the row's revision is the truth. */
const isValue = (policy: Policy | undefined): boolean => policy === "register" || policy === "ask" || policy === "append";

async function editingFor(store: Store, { entity, pk, op }: Change): Promise<Editing> {
  // A deleted row cannot be seen, yet a restore may be asked for.
  if (op === "create" || op === "restore") return { entity, pk, seenRev: null, seenAgg: null, base: {} };
  return op === "delete" ? beginEdit(store, entity, pk) : seenNow(store, entity, pk);
}

function contents(store: Store, { entity, op }: Change, wanted: Fields, { base }: Editing): { patch: Fields; base: Fields } {
  if (op === "create") return { patch: difference(specOf(store.catalog, entity), {}, wanted).patch, base: {} };
  if (op === "patch" || op === "revise") return difference(specOf(store.catalog, entity), base, wanted);
  return { patch: wanted, base: {} };
}

/** Mends text and refuses what canonical JSON cannot carry (SPEC 15.2). */
function clean(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([name, value]) => [name, cleanValue(name, value ?? null)]);
  return Object.fromEntries(entries) as Fields;
}

function cleanValue(name: string, value: Json): Json {
  const mended = cleaned(value);
  try {
    dumpText(mended);
  } catch (error) {
    if (error instanceof CanonicalError) throw new EnqueueError("wrong_type", [name]);
    throw error;
  }
  return mended;
}
