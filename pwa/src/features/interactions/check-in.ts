/** Arriving at a customer: the time at once, and one point if the person allows it. Nothing is tracked afterwards. */
import type { CheckIn } from "./model";
import { FARTHEST_M, type Missing, type Point } from "./place";

const PATIENCE_MS = 15_000;

export const arrivedNow = (now: number): CheckIn => ({ at: now, latE7: null, lonE7: null, accuracyM: null, distanceM: null, missing: "seeking" });

/** The present point, or why there is none: not allowed; or not known in time, or not offered by the browser. */
export function locate(): Promise<(Point & { readonly accuracyM: number }) | Missing> {
  if (!("geolocation" in navigator)) return Promise.resolve("unknown");
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) =>
        resolve({ latE7: Math.round(latitude * 1e7), lonE7: Math.round(longitude * 1e7), accuracyM: Math.min(FARTHEST_M, Math.round(accuracy)) }),
      ({ code, PERMISSION_DENIED }) => resolve(code === PERMISSION_DENIED ? "refused" : "unknown"),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  });
}
