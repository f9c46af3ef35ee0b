/** Quick add: one line for a plan. English. */
import type { Messages } from "../message";
import type { quick as source } from "../zh-Hant/quick";

export const quick: Messages<typeof source> = {
  "quick.title": "Add in one line",
  "quick.line": "One line",
  "quick.example": "e.g. call Amy tomorrow 3pm",
  "quick.whom": "About whom?",
  "quick.understood": "What was understood",
  "quick.strike": "Not “{words}”",
  "quick.person": "{person} · {company}",
  "quick.saved": "Planned for {day}",
  "quick.noSuchDay": "There is no “{words}”: choose another day.",
  "quick.noSuchTime": "There is no “{words}”: choose another time.",
  "quick.over": "{day} is over: choose another day.",
};
