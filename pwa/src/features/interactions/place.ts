/** Whether somebody checked in at the customer's: judged alike wherever it is shown, from what was written down at the door. */

export interface Point {
  readonly latE7: number;
  readonly lonE7: number;
}

/** Why there is no point: the person did not allow it, or the device did not know it. */
export type Missing = "refused" | "unknown";

/** What was found at check-in. Metres: how exact the point is, and how far from the nearest site that was known then. */
export interface Found {
  readonly latE7: number | null;
  readonly lonE7: number | null;
  readonly accuracyM: number | null;
  readonly distanceM: number | null;
}

export type PlaceMark =
  | { readonly kind: "verified"; readonly accuracyM: number }
  | { readonly kind: "outside"; readonly distanceM: number }
  | { readonly kind: "inexact"; readonly accuracyM: number }
  | { readonly kind: "noPoint" | "noSite" };

/** A factory's gate may be so far from the point of its address. */
const NEAR_M = 150;
/** A point that is worse than this says nothing. */
const INEXACT_M = 500;
/** The server takes no accuracy beyond it. */
export const FARTHEST_M = 100_000;
/** The earth's mean radius (IUGG). */
const EARTH_M = 6_371_009;

export function markOf({ latE7, accuracyM, distanceM }: Found): PlaceMark {
  if (latE7 === null || accuracyM === null) return { kind: "noPoint" };
  if (accuracyM > INEXACT_M) return { kind: "inexact", accuracyM };
  if (distanceM === null) return { kind: "noSite" };
  return distanceM <= Math.max(NEAR_M, accuracyM) ? { kind: "verified", accuracyM } : { kind: "outside", distanceM };
}

/** Whole metres between two points, by the haversine formula. */
export function distance(a: Point, b: Point): number {
  const lat = haversine(radians(b.latE7 - a.latE7));
  const lon = haversine(radians(b.lonE7 - a.lonE7));
  const part = lat + Math.cos(radians(a.latE7)) * Math.cos(radians(b.latE7)) * lon;
  return Math.round(2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(part))));
}

const radians = (e7: number): number => (e7 / 1e7) * (Math.PI / 180);
const haversine = (angle: number): number => Math.sin(angle / 2) ** 2;
