/** The team's day. English. */
import type { Messages } from "../message";
import type { team as source } from "../zh-Hant/team";

export const team: Messages<typeof source> = {
  "team.first": "Look at these first",
  "team.everybody": "Everybody",
  "team.late": "{n} late",
  "team.due": "{n} today",
  "team.done": "{n} contacted today",
  "team.lastAt": "last entry {when}",
  "team.noContact": "no entries yet",
  "team.nobody": "Nobody reports to you yet: ask an admin to set it.",
  "team.notDownloaded": "Not all is downloaded yet; it appears when it is.",
  "team.doneToday": "Contacted today",
  "team.quiet": "Nothing late and nothing due today.",
  "team.notYours": "This person is not in your team.",
};
