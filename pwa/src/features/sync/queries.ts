/** The state of sync for the sign that every screen carries. */
import { computed } from "@preact/signals";
import { status } from "../../store";
import type { SyncFacts } from "../../ui/index";

export { connectSync, type SyncPort } from "./commands";

const BUSY = new Set(["pushing", "pulling", "downloading"]);

export const syncFacts = computed<SyncFacts>(() => {
  const { waiting, needsYou, offline, phase, bootstrapped } = status.value;
  return { waiting, needsYou, offline, busy: BUSY.has(phase), complete: bootstrapped };
});

export const syncPath = "/me/sync";
