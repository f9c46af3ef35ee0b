/** Writing a promise down: the form, and the fields of the row. */
import type { Fields } from "../../store";

/** The form in which one is written down; it is also the draft. */
export interface PromiseForm {
  readonly what: string;
  readonly contactId: string | null;
  readonly ownerId: string;
  readonly dueOn: string;
  readonly dueTime: string;
}

export const fieldsOfPromise = ({ what, contactId, ownerId, dueOn, dueTime }: PromiseForm): Fields => ({
  what,
  contact_id: contactId,
  owner_id: ownerId,
  due_on: dueOn,
  due_time: dueTime === "" ? null : dueTime,
});

/** Whether it says what, by when and by whom. */
export const isWhole = ({ what, ownerId, dueOn }: PromiseForm): boolean => what.trim() !== "" && ownerId !== "" && dueOn !== "";
