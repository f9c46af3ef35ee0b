/** The comparison of a mirror with its scopes (SPEC 13.2). */
import { dict, integer, oneOf, parseText, shape } from "./shape";

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

const readReply = shape<VerifyReply>({ v: integer, results: dict(oneOf(...RESULTS)) });

/** Throws WireError. */
export const parseVerifyReply = (json: string): VerifyReply => parseText(readReply, json, "verify");
