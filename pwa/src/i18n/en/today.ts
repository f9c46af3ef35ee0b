/** Today, and when somebody is due. English. */
import type { Messages } from "../message";
import type { today as source } from "../zh-Hant/today";

export const today: Messages<typeof source> = {
  "today.late": "Overdue",
  "today.today": "Due today",
  "today.soon": "Coming up",
  "today.more": { one: "{n} more under Customers", other: "{n} more under Customers" },
  "today.next": "Next",
  "today.whom": "{name}: {why}",
  "today.nothing": "Nothing overdue, nothing due today. Carry on as planned.",
  "today.findCustomer": "Find a customer",
  "today.notDownloaded": "Not downloaded yet; it fills in as it arrives.",
  "today.needsYou": { one: "{n} item needs you", other: "{n} items need you" },
  "today.needsYouWhy": "A look and a tap decide each",
  "today.drafts": "Not saved yet",
  "today.draftAt": "begun {moment}",
  "today.draftOfLeft": "A customer no longer on your list",
  "today.occasions": "Occasions",
  "today.greet": { one: "{day}, {n} customer", other: "{day}, {n} customers" },
  "today.allOccasions": "All {n}",
  "due.late": { one: "{n} day overdue", other: "{n} days overdue" },
  "due.by": "by {day}",
  "due.how": "{channel} {when}",
  "due.cadence": "Tier {tier}: contact every {n} days",
  "due.planned": "Planned: {channel}",
  "team.title": "Team's day",
  "team.why": "Who needs help, and what is late",
  "quick.add": "Quick add",
  "edit.new.customer": "New customer",
};
