/** What became of the contacts that something asked for: nothing yet, or a row under the id that all devices compute. */
import type { Row } from "../../store";
import { addDays } from "../../i18n/index";
import { generatedPk } from "../../sync/core/window";
import { text } from "../../ui/values";
import type { Settled, SettledOf } from "./producers";

/** Looks up what became of generated touches, by the ids that every device computes alike. */
export function settledBy(touches: readonly Row[]): (customerId: string) => SettledOf {
  const rows = new Map<string, Row[]>();
  for (const row of touches) {
    if (!isGenerated(row.pk)) continue;
    const customerId = text(row.fields, "customer_id");
    const known = rows.get(customerId);
    if (known === undefined) rows.set(customerId, [row]);
    else known.push(row);
  }
  return (customerId) => (source, on) => settledAmong(rows.get(customerId) ?? NONE, source, customerId, on);
}

const NONE: readonly Row[] = [];

/** A window may end on the Friday before its day. */
const WEEKEND = 2;

/** Version 5 (SPEC 1.3): nobody minted it. */
const isGenerated = (pk: string): boolean => pk[14] === "5";

function settledAmong(rows: readonly Row[], source: string, customerId: string, on: string): Settled {
  if (rows.length === 0) return "none";
  // Hashing an id for each of thousands would be felt; what was over before that date is none of it.
  const end = addDays(on, -WEEKEND);
  if (!rows.some(({ fields }) => text(fields, "due_to_on") >= end)) return "none";
  const pk = generatedPk(source, customerId, on);
  const row = rows.find((one) => one.pk === pk);
  return row === undefined ? "none" : text(row.fields, "state") === "open" ? "open" : "over";
}
