/** The team's day of whoever is signed in, from what this device holds. */
import { computed } from "@preact/signals";
import { customers } from "../customers/queries";
import { colleagues, isPeopleRead } from "../people/queries";
import { session } from "../session/queries";
import { basis, currentDate, nextOf } from "../touches/queries";
import { reportsOf, teamDay, type RepDay } from "./model";

export { teamPath, repDayPath } from "./paths";

/** Undefined until every list has been read once; empty for those to whom nobody reports. */
export const team = computed<readonly RepDay[] | undefined>(() => {
  const [open, now, known, dues] = [session.value, basis.value, customers.value, nextOf.value];
  if (open === null || !isPeopleRead.value || now === undefined || known === undefined || dues === undefined) return undefined;
  const company = { colleagues: colleagues.value, customers: known, territories: now.territories, dues: [...dues.values()], date: currentDate.value };
  return teamDay(reportsOf(open.person.id, colleagues.value), company);
});
