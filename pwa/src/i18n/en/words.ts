/** Words of the first screens that others share: states, dates, tiers, channels and what to do next. English. */
import type { Messages } from "../message";
import type { words as source } from "../zh-Hant/words";

export const words: Messages<typeof source> = {
  "saved.device": "On this device",
  "saved.server": "On the server",
  "saved.held": "Received, waiting",
  "saved.needs": "Needs you",
  "date.today": "today",
  "date.yesterday": "yesterday",
  "date.tomorrow": "tomorrow",
  "date.moment": "{day} {time}",
  "date.justNow": "just now",
  "date.minutesAgo": "{n} min ago",
  "date.hoursAgo": "{n} h ago",
  "date.daysAgo": { one: "{n} day ago", other: "{n} days ago" },
  "tier.label": "Tier {tier} customer",
  "tier.none": "No tier yet",
  "channel.visit": "Visit",
  "channel.call": "Call",
  "channel.email": "E-mail",
  "channel.chat": "Chat",
  "act.call": "Call",
  "act.chat": "LINE",
  "act.email": "E-mail",
  "act.callWhom": "Call {name}",
  "act.lineWhom": "Message {name} on LINE",
  "act.mailWhom": "E-mail {name}",
  "act.visit": "Navigate",
  "act.navigateTo": "Navigate to {name}",
  "act.open": "Open",
  "act.log": "Log",
};
