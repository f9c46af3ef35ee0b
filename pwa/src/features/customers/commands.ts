/** Changing customers, contacts and sites: one act, one txn, with a way back. */
import { enqueue, newId, undo, type Change, type Editing, type Enqueued, type Fields, type Store } from "../../store";
import { text } from "../../ui/values";
import type { EditedEntity } from "./form";

export interface Saved {
  readonly pk: string;
  /** False when nothing differed and so nothing was written. */
  readonly changed: boolean;
  readonly undo: () => Promise<void>;
}

interface Wish {
  readonly entity: EditedEntity;
  readonly customerId: string;
  /** What was seen when editing began; null makes a new row. */
  readonly editing: Editing | null;
  readonly fields: Fields;
  readonly draft: string;
  /** The parked mutation that this one replaces. */
  readonly mend: string | null;
  /** The id that a parked create had given its row. */
  readonly pk: string | null;
}

export async function saveFields(store: Store, wish: Wish): Promise<Saved> {
  const change = changeOf(wish);
  const saved = await enqueue(store, [change], { draft: wish.draft });
  return { pk: change.pk, changed: saved.mutations.length > 0, undo: () => takeBack(store, saved) };
}

function changeOf({ entity, customerId, editing, fields, mend, pk }: Wish): Change {
  const supersedes = mend === null ? {} : { supersedes: mend };
  if (editing !== null) return { entity, pk: editing.pk, op: "patch", fields: { ...fields, ...pointOf(entity, editing, fields) }, editing, ...supersedes };
  const own = entity === "customer" ? {} : { customer_id: customerId };
  return { entity, pk: pk ?? newId(), op: "create", fields: { ...filled(fields), ...own }, ...supersedes };
}

const PLACE = ["country", "city", "district", "address"] as const;

/** A site whose address changes loses its point on the map, which is that of the old address: directions then go by the words. */
function pointOf(entity: EditedEntity, { base }: Editing, fields: Fields): Fields {
  const moves = entity === "site" && PLACE.some((name) => text(base, name) !== text(fields, name));
  return moves ? { lat_e7: null, lon_e7: null } : {};
}

/** A new row is sent without its empty fields. */
function filled(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0)));
}

async function takeBack(store: Store, saved: Enqueued): Promise<void> {
  await undo(store, saved);
}
