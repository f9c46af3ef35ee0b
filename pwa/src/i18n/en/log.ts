/** The log sheet. English. */
import type { Messages } from "../message";
import type { log as source } from "../zh-Hant/log";

export const log: Messages<typeof source> = {
  "log.title": "Log",
  "log.pickTitle": "Log for whom?",
  "log.channel": "How",
  "log.outcome": "Outcome",
  "log.met": "Whom you met",
  "log.newPerson": "Someone new",
  "log.notes": "Notes",
  "log.mic": "The keyboard's microphone works too",
  "log.nextStep": "Next step",
  "log.next": "Next contact",
  "log.cadence": "Tier {tier}: every {n} days, by {date}",
  "log.pickDate": "Choose a date",
  "log.change": "Change",
  "log.checkIn": "I have arrived: note time and place",
  "log.arrived": "Arrived {time}, {n} min",
  "log.arrivedAt": "Arrived {time}, {n} min, within {metres} m",
  "log.draft": "Draft saved {time}",
  "log.close": "Close; the draft is kept",
  "log.save": "Save {channel}",
  "log.saved": "Saved: {channel}, {name}",
  "log.offlineHint": "Saved offline too; it is sent by itself later",
  "revise.title": "Correct the record",
  "revise.open": "Correct: {channel}, {moment}",
  "revise.save": "Save the correction",
  "revise.saved": "Correction saved",
  "revise.hint": "The office keeps what it said before",
};
