/** The comparison of a mirror with its scopes (SPEC 13.2). */
import { type Reader, dict, integer, parseText, shape, text } from "./shape";

export interface ScopeSum {
  readonly count: number;
  /** 32 hex digits. */
  readonly sum: string;
}

export interface VerifyRequest {
  readonly v: number;
  readonly device: string;
  readonly cursor: string;
  readonly scopes: Readonly<Record<string, ScopeSum>>;
}

export const RESULTS = ["ok", "mismatch", "pending", "not_granted"] as const;

export interface VerifyReply {
  readonly v: number;
  readonly results: Readonly<Record<string, (typeof RESULTS)[number]>>;
}

/** A verdict from the future asks for nothing that we know how to do, as "pending" does. */
const readResult: Reader<(typeof RESULTS)[number]> = (value, path) =>
  RESULTS.find((result) => result === text(value, path)) ?? "pending";

const readReply = shape<VerifyReply>({ v: integer, results: dict(readResult) });

/** Throws WireError. */
export const parseVerifyReply = (json: string): VerifyReply => parseText(readReply, json, "verify");
