/** The inbox, and how a person is reminded. English. */
import type { Messages } from "../message";
import type { reminders as source } from "../zh-Hant/reminders";

export const reminders: Messages<typeof source> = {
  "inbox.title": "Reminders",
  "inbox.hint": "What is due, and each morning's summary",
  "inbox.count": "{n} unread",
  "inbox.new": "New",
  "inbox.digest": "To do {day}",
  "inbox.due": "{n} due that day",
  "inbox.late": "{n} overdue",
  "inbox.dueOn": "Due {day}",
  "inbox.appointment": "Planned for {moment}",
  "inbox.other": "A reminder for you",
  "inbox.none": "No reminders in the last two weeks.",
  "inbox.notDownloaded": "Still downloading; they appear when that is done.",
};
