/** Deciding: a command on the conflict or on the parked item; the server's state machine has the last word. */
import { enqueue, type Fields, type Store } from "../../store";
import type { Conflict, Parked, Side } from "./model";
import { markReopened } from "./reopened";

export type TakeBack = () => Promise<void>;

const command = (store: Store, entity: string, pk: string, fields: Fields): Promise<unknown> =>
  enqueue(store, [{ entity, pk, op: "command", fields }]);

async function resolve(store: Store, conflict: Conflict, choice: Fields): Promise<TakeBack> {
  await command(store, "conflict", conflict.pk, { command: "resolve", expected_state: "open", ...choice });
  markReopened(conflict.pk, false);
  return async () => {
    await command(store, "conflict", conflict.pk, { command: "reopen", expected_state: "resolved" });
    markReopened(conflict.pk, true);
  };
}

/** What the row holds now stays. */
export const keepCurrent = (store: Store, conflict: Conflict): Promise<TakeBack> => resolve(store, conflict, { choice: "current" });

/** The other value takes its place. */
export const takeCandidate = (store: Store, conflict: Conflict, side: Side): Promise<TakeBack> =>
  resolve(store, conflict, { choice: "candidate", candidate: side.mutation });

/** Both, put together by the person's device. */
export const takeBoth = (store: Store, conflict: Conflict, value: Fields): Promise<TakeBack> => resolve(store, conflict, { choice: "value", value });

export const keepDeleted = (store: Store, conflict: Conflict): Promise<TakeBack> => resolve(store, conflict, { choice: "keep_deleted" });

export const restore = (store: Store, conflict: Conflict): Promise<TakeBack> => resolve(store, conflict, { choice: "restore" });

/** The parked item is given up; its bytes stay in the server's history. */
export async function dismiss(store: Store, parked: Parked): Promise<void> {
  await command(store, "parked", parked.pk, { command: "dismiss", expected_state: "open" });
}
