/** How a kind of words is recognised: patterns in their order, the more exact ones first. */

/** What a reading depends on besides the words. */
export interface Context {
  /** The company's calendar date, `YYYY-MM-DD`. */
  readonly today: string;
  /** Whether 3/4 is the third of April, as where English is read, or the fourth of March. */
  readonly isDayFirst: boolean;
}

export interface Rule {
  readonly pattern: RegExp;
  /** What it stands for; null when it looks like one but there is no such day or hour. */
  readonly read: (groups: readonly (string | undefined)[], context: Context) => string | null;
}

/** Patterns see the whole line, in any case. */
export const rule = (pattern: string, read: Rule["read"]): Rule => ({ pattern: new RegExp(pattern, "giu"), read });
