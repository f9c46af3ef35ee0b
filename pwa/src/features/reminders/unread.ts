/** How many notices have not been read; apart from the inbox, which the first screen does not need. */
import { signal } from "@preact/signals";

export const unread = signal(0);
