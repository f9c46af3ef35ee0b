/** Arriving at a customer: the time at once, and one point if the person allows it. Nothing is tracked afterwards. */
import type { CheckIn } from "./model";

const PATIENCE_MS = 15_000;

export const arrivedNow = (now: number): CheckIn => ({ at: now, latE7: null, lonE7: null, accuracyM: null });

/** The present point, or null when it is not allowed, not known in time, or not offered by the browser. */
export function locate(): Promise<Omit<CheckIn, "at"> | null> {
  if (!("geolocation" in navigator)) return Promise.resolve(null);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ latE7: Math.round(coords.latitude * 1e7), lonE7: Math.round(coords.longitude * 1e7), accuracyM: Math.round(coords.accuracy) }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  });
}
