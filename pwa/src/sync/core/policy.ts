/** What an entity declares about itself, once, for both languages (SPEC 4). */
import { isObject } from "./canonical";

export const POLICIES = ["register", "ask", "set", "counter", "text", "append"] as const;
export type Policy = (typeof POLICIES)[number];

export interface FieldSpec {
  readonly name: string;
  readonly policy: Policy;
  /** The declared group; a field without one is its own group (SPEC 4.2). */
  readonly group: string;
}

export interface Reference {
  readonly field: string;
  readonly entity: string;
}

export interface EntitySpec {
  readonly name: string;
  /** The field that names the root row and the root's entity; null when the row is a root itself. */
  readonly root: Reference | null;
  readonly append: boolean;
  readonly fields: ReadonlyMap<string, FieldSpec>;
  readonly serverFields: ReadonlySet<string>;
  readonly references: readonly Reference[];
  /** Every group's fields, in declared order. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** The catalogue is not of the form that `config/catalogs/entities.json` has. */
export class CatalogError extends Error {}

const wanted = (isRight: boolean, what: string): void => {
  if (!isRight) throw new CatalogError(what);
};

function text(value: unknown, what: string): string {
  wanted(typeof value === "string", what);
  return value as string;
}

function items(value: unknown, what: string): readonly unknown[] {
  wanted(Array.isArray(value), what);
  return value as unknown[];
}

function object(value: unknown, what: string): Record<string, unknown> {
  wanted(isObject(value), what);
  return value as Record<string, unknown>;
}

function reference(value: unknown, what: string): Reference {
  const { field, entity } = object(value, what);
  return { field: text(field, what), entity: text(entity, what) };
}

function fieldSpec(name: string, value: unknown): FieldSpec {
  const { policy, group } = object(value, name);
  wanted(POLICIES.includes(policy as Policy), `${name}.policy`);
  return { name, policy: policy as Policy, group: group == null ? name : text(group, `${name}.group`) };
}

function grouped(fields: ReadonlyMap<string, FieldSpec>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, group } of fields.values()) groups.set(group, [...(groups.get(group) ?? []), name]);
  return groups;
}

/** One entity of the catalogue. Throws CatalogError naming the part that is wrong. */
export function entitySpec(value: unknown): EntitySpec {
  const entry = object(value, "entity");
  const name = text(entry["name"], "name");
  const fields = new Map(
    Object.entries(object(entry["fields"], `${name}.fields`)).map(([key, spec]) => [key, fieldSpec(key, spec)]),
  );
  return {
    name,
    root: entry["root"] == null ? null : reference(entry["root"], `${name}.root`),
    append: entry["append"] === true,
    fields,
    serverFields: new Set(items(entry["server_fields"], `${name}.server_fields`).map((item) => text(item, name))),
    references: items(entry["references"], `${name}.references`).map((item) => reference(item, name)),
    groups: grouped(fields),
  };
}

/** The whole catalogue, by entity name. Throws CatalogError. */
export const entitySpecs = (catalogue: unknown): Map<string, EntitySpec> =>
  new Map(items(catalogue, "catalogue").map(entitySpec).map((spec) => [spec.name, spec]));

/** The groups that a change of these fields touches, each once. */
export const groupsOf = (spec: EntitySpec, names: Iterable<string>): string[] => [
  ...new Set([...names].flatMap((name) => spec.fields.get(name)?.group ?? [])),
];
