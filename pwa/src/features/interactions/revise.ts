/** Writes a correction down: as a revision that keeps the first wording, or anew where the office could not take the log itself. */
import { beginEdit, enqueue, loadDraft, undo, type Editing, type Fields, type Store } from "../../store";
import { typedInto, type Parked } from "../conflicts/queries";
import { correctionOf, fieldsOfCorrection, type Correction } from "./correction";
import { reviseDraftKey } from "./revise-draft";

/** A correction while it is typed; it is also the draft. */
export interface Correcting {
  readonly customerId: string;
  /** What was seen at the start; null when the row must be created again. */
  readonly editing: Editing | null;
  readonly correction: Correction;
}

export interface OpenedCorrection {
  readonly correcting: Correcting;
  readonly isDraft: boolean;
}

/** Null when the log is not on this device any more and nothing of it is parked. */
export async function openCorrection(store: Store, customerId: string, pk: string, parked: Parked | null): Promise<OpenedCorrection | null> {
  const draft = await loadDraft(store, reviseDraftKey(pk));
  if (draft !== null) return { correcting: draft as unknown as Correcting, isDraft: true };
  const seen = await beginEdit(store, "interaction", pk).catch(() => null);
  if (seen === null && parked === null) return null;
  const editing = parked?.op === "create" && seen?.seenRev == null ? null : seen;
  const correction = correctionOf({ ...seen?.base, ...(parked === null ? {} : typedInto(parked)) });
  return { correcting: { customerId, editing, correction }, isDraft: false };
}

/** Resolves once it is durable on this device, with the way back. */
export async function saveCorrection(store: Store, pk: string, { editing, correction }: Correcting, parked: Parked | null): Promise<() => Promise<void>> {
  const supersedes = parked === null ? {} : { supersedes: parked.pk };
  const wanted = fieldsOfCorrection(correction);
  const change = editing === null ? { op: "create" as const, fields: { ...takable(parked), ...filled(wanted) } } : { op: "revise" as const, fields: wanted, editing };
  const saved = await enqueue(store, [{ entity: "interaction", pk, ...change, ...supersedes }], { draft: reviseDraftKey(pk) });
  return async () => void (await undo(store, saved));
}

/** What of a parked log the form does not show: all but the fields that were refused and the ones that it does show. */
function takable(parked: Parked | null): Fields {
  if (parked === null) return {};
  const shown = Object.keys(fieldsOfCorrection(correctionOf({})));
  return Object.fromEntries(Object.entries(typedInto(parked)).filter(([name]) => name === "customer_id" || (!parked.fields.includes(name) && !shown.includes(name))));
}

const filled = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
