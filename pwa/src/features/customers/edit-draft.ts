/** Where a half-filled edit form goes on: its customer, and the address of its sheet. */
import type { Fields } from "../../store";
import { text } from "../../ui/values";
import type { EditedEntity } from "./form";
import { contactSheet, customerSheet, siteSheet } from "./sheets";

const NEW = "new:";

export const editDraftKey = (entity: EditedEntity, customerId: string, pk: string | null): string => `edit:${entity}:${pk ?? NEW + customerId}`;

export interface DraftTarget {
  readonly customerId: string;
  readonly href: string;
}

/** Null for drafts of another kind. */
export function editDraftTarget(key: string, value: Fields): DraftTarget | null {
  const [, entity, id = ""] = /^edit:(customer|contact|site):(.+)$/.exec(key) ?? [];
  if (entity === undefined) return null;
  const pk = id.startsWith(NEW) ? null : id;
  const customerId = pk === null ? id.slice(NEW.length) : entity === "customer" ? pk : ofCustomer(value);
  if (entity === "customer") return { customerId, href: customerSheet(customerId) };
  return { customerId, href: entity === "contact" ? contactSheet(customerId, pk) : siteSheet(customerId, pk) };
}

function ofCustomer(value: Fields): string {
  const editing = value["editing"] as { base?: Fields } | null | undefined;
  return text(editing?.base ?? {}, "customer_id");
}
