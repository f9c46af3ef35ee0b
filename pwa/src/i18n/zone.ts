/** The company's time zone: calendar dates and wall times on the screen are the company's, wherever the device is. */
import { signal } from "@preact/signals";

export const zone = signal("Asia/Taipei");

/** A zone name that the browser knows, else the one we had. */
export function setZone(name: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone.value = name;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
