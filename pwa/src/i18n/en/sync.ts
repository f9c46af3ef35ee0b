/** The sync screen. English. */
import type { Messages } from "../message";
import type { sync as source } from "../zh-Hant/sync";

export const sync: Messages<typeof source> = {
  "sync.title": "Sync",
  "sync.offline": { one: "Offline – saved on this device, {n} waiting", other: "Offline – saved on this device, {n} waiting" },
  "sync.offlineHint": "Carry on; it is sent by itself when there is a signal.",
  "sync.waiting": { one: "{n} change waiting", other: "{n} changes waiting" },
  "sync.waitingHint": "Saved on this device until it can be sent.",
  "sync.allSaved": "Everything is on the server",
  "sync.savedHint": "Nothing is waiting.",
  "sync.downloading": "First download under way",
  "sync.last": "Last synced {moment}, {ago}",
  "sync.neverSynced": "Never synced yet",
  "sync.waitingTitle": "Waiting to be sent",
  "sync.items": "{n}",
  "sync.files": { one: "{n} photo or file", other: "{n} photos and files" },
  "sync.filesRefused": { one: "{n} the server will not keep", other: "{n} the server will not keep" },
  "sync.export": { one: "Export this {n}", other: "Export these {n}" },
  "sync.device": "This device",
  "sync.used": "{size} used",
  "sync.free": "{size} free",
  "sync.customersHere": "All {n} customers are here, signal or not",
  "sync.rowsSoFar": "Downloading, {n} records so far",
  "sync.persistent": "Protected: the browser will not clear it by itself",
  "sync.notPersistent": "When space is short, the browser may clear the data here; what was sent is at the company. Open the app often where there is a signal, so that it can send.",
  "sync.install": " Adding it to the home screen is safer.",
  "sync.noBackup": "The company server has no backup yet; this device keeps what it sent, too",
  "sync.backedUp": "Everything this device sent is in the company's backup",
  "sync.notBackedUp": { one: "{n} sent change is not in the company's backup yet; this device keeps it, too", other: "{n} sent changes are not in the company's backup yet; this device keeps them, too" },
  "sync.journalFull": "The company server has made no backup for long; of what this device sent, only the last {n} changes are kept here, too",
};
