/** What happened with promises, as a timeline tells it: given, kept, dropped. */
import type { Promised, Standing } from "./model";

export interface DeedOf {
  readonly key: string;
  readonly at: number;
  readonly what: "made" | Exclude<Standing, "open">;
  readonly promise: Promised;
}

export const deedsOf = (promises: readonly Promised[]): DeedOf[] =>
  promises.flatMap((promise): DeedOf[] => {
    const { pk, promisedAt, closedAt, standing } = promise;
    const made = promisedAt === null ? [] : [{ key: `${pk} made`, at: promisedAt, what: "made" as const, promise }];
    return standing === "open" || closedAt === null ? made : [...made, { key: `${pk} ended`, at: closedAt, what: standing, promise }];
  });
