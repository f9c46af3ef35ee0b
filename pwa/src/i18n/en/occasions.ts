/** Days that are kept: birthdays, festivals, anniversaries. English. */
import type { Messages } from "../message";
import type { occasions as source } from "../zh-Hant/occasions";

export const occasions: Messages<typeof source> = {
  "occasion.title": "Occasions",
  "occasion.own": "Birthdays and anniversaries",
  "occasion.none": "Nobody is to be greeted these days.",
  "occasion.on": "{what}, {day}",
  "occasion.left": "{n} left",
  "occasion.more": "{n} more",
  "occasion.notYet": "Not greeted yet",
  "occasion.greeted": "Noted as greeted",
  "occasion.greetedWhom": "{name} was greeted",
  "occasion.willDo": "{name} does it",
  "occasion.done": "{name} greeted on {day}",
  "occasion.skipped": "{name} left it out on {day}",
  "occasion.inDays": { one: "in {n} day", other: "in {n} days" },
  "occasion.birthday": "{name}'s birthday",
  "occasion.years": "{label}, year {n}",
  "occasion.add": "Add an anniversary",
  "occasion.born": "Born {day}",
  "occasion.thisYear": "{what}, next {day}",
  "lunar.months": "1 2 3 4 5 6 7 8 9 10 11 12",
  "lunar.days": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30",
  "lunar.date": "lunar {month}/{day}",
  "lunar.leapDate": "lunar leap {month}/{day}",
};
