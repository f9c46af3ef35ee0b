/** Which late promises a manager hears of: those of whoever reports to them, however far down the line. */
import { lateness, type Now, type Promised } from "./model";

interface InLine {
  readonly pk: string;
  readonly managerId: string;
}

/** Everybody below a person; a line that runs in a circle ends where it began. */
export function reportsOf(people: readonly InLine[], boss: string): ReadonlySet<string> {
  const below = new Set<string>();
  const waiting = [boss];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const next = people.filter(({ pk, managerId }) => managerId === at && pk !== boss && !below.has(pk));
    next.forEach(({ pk }) => (below.add(pk), waiting.push(pk)));
  }
  return below;
}

/** In the order of `open`, by due moments: what waits longest first. What nobody can do any more is told before it is late. */
export function escalated(open: readonly Promised[], reports: ReadonlySet<string>, people: ReadonlyMap<string, { readonly isActive: boolean }>, now: Now): Promised[] {
  return open.filter((promise) => reports.has(promise.ownerId) && (lateness(promise, now) > 0 || people.get(promise.ownerId)?.isActive === false));
}
