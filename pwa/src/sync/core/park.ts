/** Why a mutation cannot apply: the reasons a person is shown, and what keeps its bytes (SPEC 7). */
import type { JsonObject } from "./canonical";

export const PARK_CODES = [
  "undecodable",
  "sha_mismatch",
  "unknown_entity",
  "unknown_schema",
  "unknown_field",
  "read_only_field",
  "wrong_type",
  "invalid_value",
  "too_large",
  "group_incomplete",
  "gone",
  "missing_parent",
  "depends_on_parked",
  "blocker_dismissed",
  "not_author",
  "forbidden",
  "left_scope",
  "illegal_transition",
  "assignee_disabled",
  "drained",
  "store_raw",
  "internal",
  "erased",
] as const;

export type ParkCode = (typeof PARK_CODES)[number];

/** A mutation is to be stored as it is and not applied, for `code`, because of `fields`. */
export interface Park {
  readonly code: ParkCode;
  readonly fields: readonly string[];
  readonly params: JsonObject;
}

export const park = (code: ParkCode, fields: readonly string[] = [], params: JsonObject = {}): Park => ({
  code,
  fields,
  params,
});
