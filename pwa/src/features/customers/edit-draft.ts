/** Where a half-filled edit form goes on: its customer, and the address of its sheet. A new customer goes by the name it was searched for. */
import type { Fields } from "../../store";
import { text } from "../../ui/values";
import type { EditedEntity } from "./form";
import { anniversarySheet, contactSheet, customerSheet, newCustomerSheet, siteSheet } from "./sheets";

const NEW = "new:";

export const editDraftKey = (entity: EditedEntity, customerId: string, pk: string | null): string => `edit:${entity}:${pk ?? NEW + customerId}`;

export interface DraftTarget {
  readonly customerId: string;
  readonly href: string;
  /** What a customer who is no row yet is called so far. */
  readonly newName?: string;
}

/** Null for drafts of another kind. */
export function editDraftTarget(key: string, value: Fields): DraftTarget | null {
  const [, entity, id = ""] = /^edit:(customer|contact|site|anniversary):(.+)$/.exec(key) ?? [];
  if (entity === undefined) return null;
  const pk = id.startsWith(NEW) ? null : id;
  if (entity === "customer" && pk === null) return { customerId: "", href: newCustomerSheet(id.slice(NEW.length)), newName: typedName(value) };
  const customerId = pk === null ? id.slice(NEW.length) : entity === "customer" ? pk : ofCustomer(value);
  if (entity === "customer") return { customerId, href: customerSheet(customerId) };
  return { customerId, href: sheetOf[entity as keyof typeof sheetOf](customerId, pk) };
}

const sheetOf = { contact: contactSheet, site: siteSheet, anniversary: anniversarySheet };

function ofCustomer(value: Fields): string {
  const editing = value["editing"] as { base?: Fields } | null | undefined;
  return text(editing?.base ?? {}, "customer_id");
}

const typedName = (value: Fields): string => text((value["typed"] ?? {}) as Fields, "name");
