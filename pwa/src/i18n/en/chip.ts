/** The sync state in a corner of every screen, and what the whole app has to say of it. English. */
import type { Messages } from "../message";
import type { chip as source } from "../zh-Hant/chip";

export const chip: Messages<typeof source> = {
  "sync.chip.waiting": "{n} to send",
  "sync.chip.waitingLabel": "{n} to send, kept on this device",
  "sync.chip.offline": "Offline",
  "sync.chip.offlineLabel": "Offline, everything is saved",
  "sync.chip.downloading": "Downloading",
  "sync.chip.downloadingLabel": "Downloading, the first time takes longer",
  "sync.chip.busy": "Syncing",
  "sync.chip.busyLabel": "Syncing with the office",
  "sync.chip.needs": { one: "{n} needs you", other: "{n} need you" },
  "sync.chip.needsLabel": { one: "{n} needs you, a decision waits", other: "{n} need you, decisions wait" },
  "sync.chip.saved": "Saved",
  "sync.chip.savedLabel": "Saved, everything is on the server",
  "sync.retry": "Try again",
  "sync.full": "This device is nearly full: downloading pauses. Please free some space.",
  "sync.safariTab": { one: "{n} change is not sent, and a Safari tab is cleared when unused for long. Add the app to the home screen.", other: "{n} changes are not sent, and a Safari tab is cleared when unused for long. Add the app to the home screen." },
};
