/** What can be wrong with an act that a person wants written down. */

/** Why `enqueue` wrote nothing: the typed text stays in the draft. `code` is a key of the error catalogue. */
export class EnqueueError extends Error {
  constructor(
    readonly code: EnqueueCode,
    readonly fields: readonly string[] = [],
  ) {
    super(`${code} ${fields.join(" ")}`.trim());
    this.name = "EnqueueError";
  }
}

export type EnqueueCode =
  | "too_large"
  | "invalid_value"
  | "wrong_type"
  | "unknown_entity"
  | "unknown_field"
  | "read_only_field"
  | "gone"
  | "device_full";
