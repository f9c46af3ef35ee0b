/** What the local database must know of each entity: its policies, its root, and the field that orders its lists. */
import type { JsonObject } from "../sync/core/canonical";
import { type EntitySpec, entitySpecs } from "../sync/core/policy";
import { EnqueueError } from "./errors";

export interface Catalog {
  /** The version written into every mutation (SPEC 3.6). */
  readonly schema: number;
  readonly specs: ReadonlyMap<string, EntitySpec>;
}

/** Reads `config/catalogs/entities.json`. Throws CatalogError when it is not of the published form. */
export const makeCatalog = ({ schema, entities }: { schema: number; entities: unknown }): Catalog => ({
  schema,
  specs: entitySpecs(entities),
});

/** Throws EnqueueError `unknown_entity`. */
export function specOf(catalog: Catalog, entity: string): EntitySpec {
  const spec = catalog.specs.get(entity);
  if (!spec) throw new EnqueueError("unknown_entity", [entity]);
  return spec;
}

/** The first of these that a row has orders it; dates and instants never mix within one entity. */
const ORDERING = ["started_at", "due_from_on", "opened_at", "parked_at", "created_at"];

export function sortInstant(fields: JsonObject): number | string {
  for (const name of ORDERING) {
    const value = fields[name];
    if (typeof value === "number" || (typeof value === "string" && value !== "")) return value;
  }
  return "";
}

/** The id of the row's root: its own when it is one, and `customer_id` for the server's own records. */
export function rootOf(catalog: Catalog, entity: string, pk: string, fields: JsonObject): string {
  const spec = catalog.specs.get(entity);
  if (spec && spec.root === null && !("customer_id" in fields)) return pk;
  const parent = fields[spec?.root?.field ?? "customer_id"];
  return typeof parent === "string" ? parent : "";
}
