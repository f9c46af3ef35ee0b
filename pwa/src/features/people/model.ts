/** A colleague, as names on the timeline and choices in forms need them. */
import type { Row } from "../../store";
import { flag, text } from "../../ui/values";

export interface Colleague {
  readonly pk: string;
  readonly name: string;
  readonly role: string;
  readonly title: string;
  /** Whom they report to; empty for nobody. */
  readonly managerId: string;
  readonly isActive: boolean;
}

export const colleagueOf = ({ pk, fields }: Row): Colleague => ({
  pk,
  name: text(fields, "name"),
  role: text(fields, "role"),
  title: text(fields, "title"),
  isActive: flag(fields, "is_active"),
  managerId: text(fields, "manager_id"),
});
