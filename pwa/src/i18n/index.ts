/** Words, dates and numbers for the screens. */
export { language, languageNames, languages, locale, maybe, nearest, speak, t, wholeLanguage, type Key, type Language } from "./language";
export { addDays, ago, dateOf, day, dayOfWeek, daysBetween, longDate, middleDate, moment, shortDate, timeOf, today, wallTime } from "./dates";
export { bytes, metres, money } from "./amounts";
export { list, number } from "./numbers";
export { nameParts, type NameParts } from "./legal-forms";
export { setZone, zone } from "./zone";
export { errorText, loadErrors } from "./errors";
