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
  "remind.title": "Notifications",
  "remind.hint": "Be reminded while the app is closed",
  "remind.push": "This device",
  "remind.why": "What is due and the morning's summary appear even while the app is closed. The lock screen says that there is something, never about whom.",
  "remind.asking": "Asking whether this device is reached.",
  "remind.offline": "Connect to the company to change this. Reminders are in the inbox all the same.",
  "remind.noService": "The browser cannot reach its push service. Try again later; reminders are in the inbox all the same.",
  "remind.unable": "This browser takes no notifications. On iPhone and iPad, add the app to the home screen first. Reminders are in the inbox all the same.",
  "remind.denied": "This device does not let the app notify you. Allow it in the settings of the system or browser.",
  "remind.turnOn": "Turn on notifications here",
  "remind.turnOff": "Turn off here",
  "remind.test": "Send a test",
  "remind.tested": "Test sent; it arrives within seconds",
  "remind.on": "On; none sent yet",
  "remind.sent": "Last delivered {ago}",
  "remind.failed": "Not delivered {ago}: {why}",
};
