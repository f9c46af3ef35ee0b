/** The company's wall time, to the minute: by it promises are late. */
import { signal } from "@preact/signals";
import { today, wallTime } from "../../i18n/index";
import type { Now } from "./model";

const LOOK_MS = 15_000;

/** A new object only when the minute has changed. */
export const wallNow = signal<Now>({ on: "", time: "" });

export function look(): void {
  const now = { on: today(), time: wallTime(Date.now()) };
  if (now.on !== wallNow.value.on || now.time !== wallNow.value.time) wallNow.value = now;
}

/** Follows the clock. Returns how to stop. */
export function keepNow(): () => void {
  look();
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}
