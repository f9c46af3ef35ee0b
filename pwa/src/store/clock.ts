/** Reads this device's clocks for the core, which is given time and never takes it. */
import type { Reading } from "../sync/core/clock";

// A monotonic clock means nothing outside the page that read it.
const session = crypto.randomUUID();

export const readClocks = (): Reading => ({ wall: Date.now(), mono: Math.round(performance.now()), session });
