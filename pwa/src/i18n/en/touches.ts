/** The plan sheet. English. */
import type { Messages } from "../message";
import type { touches as source } from "../zh-Hant/touches";

export const touches: Messages<typeof source> = {
  "touch.plan": "Plan the next contact",
  "touch.change": "Change this contact",
  "touch.save": "Put it on the plan",
  "touch.keep": "Save",
  "touch.snooze": { one: "Put off {n} day", other: "Put off {n} days" },
  "touch.snoozed": "Put off until {day}",
  "touch.skip": "Skip this one",
  "touch.skipped": "Skipped; the next one comes as usual",
  "touch.saved": "Planned",
  "touch.from": "From",
  "touch.to": "At the latest",
  "touch.time": "Time",
  "touch.contact": "Whom",
  "touch.anybody": "Anybody",
  "touch.assignee": "Who does it",
  "touch.assigneeGone": "{name} no longer works here. Choose somebody else.",
  "touch.chooseAssignee": "Choose a colleague",
  "touch.meNamed": "{name} (me)",
  "touch.why": "Why",
  "touch.withWhom": "with {name}",
};
