/** A notice of the inbox: what it is about, where it leads, and whether it has been read. */
import type { Row } from "../../store";
import { integer, text } from "../../ui/values";

export interface Notice {
  readonly pk: string;
  /** The entity that it is about, or `digest`; a newer server may know others. */
  readonly kind: string;
  readonly customerId: string;
  readonly dueOn: string;
  readonly dueTime: string;
  /** How much was due that day, and late. */
  readonly due: number;
  readonly late: number;
  readonly at: number;
  readonly isSeen: boolean;
}

/** As the server keeps them: a device that was away shows no older ones either. */
const KEPT_MS = 14 * 24 * 60 * 60 * 1000;

export function noticeOf({ pk, fields, state }: Row): Notice {
  return {
    pk,
    kind: text(fields, "kind"),
    customerId: text(fields, "about_customer_id"),
    dueOn: text(fields, "due_on"),
    dueTime: text(fields, "due_time"),
    due: total(fields["counts"], "due"),
    late: total(fields["counts"], "late"),
    at: integer(fields, "created_at") ?? 0,
    // That it was read here changes nothing before the server has heard of it.
    isSeen: integer(fields, "seen_at") !== null || state === "device",
  };
}

function total(counts: unknown, name: "due" | "late"): number {
  const each = (Array.isArray(counts) ? counts : []) as readonly Readonly<Record<string, unknown>>[];
  return each.reduce((sum, one) => sum + (typeof one[name] === "number" ? one[name] : 0), 0);
}

/** The newest first, without what has expired. */
export const inOrder = (notices: readonly Notice[], now: number): readonly Notice[] =>
  notices.filter(({ at }) => at > now - KEPT_MS).sort((a, b) => b.at - a.at);

/** Where what it is about is shown. */
export const leadsTo = ({ customerId }: Pick<Notice, "customerId">): string => (customerId === "" ? "/" : `/customers/${customerId}`);
