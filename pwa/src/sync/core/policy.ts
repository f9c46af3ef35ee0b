/** What an entity declares about its fields, and the refusals that follow from it alone (SPEC 4). */
import { type Json, type JsonObject, has, isObject } from "./canonical";
import { type Park, park } from "./park";
import { compareUtf8 } from "./utf8";

export const POLICIES = ["register", "ask", "set", "counter", "text", "append"] as const;
export type Policy = (typeof POLICIES)[number] | "server";

export interface FieldSpec {
  readonly name: string;
  readonly policy: Policy;
  /** The unit that it merges in: its own name when no group is declared (SPEC 4.2). */
  readonly group: string;
}

/** The field that names a row's root, and the root's entity. */
export interface Root {
  readonly field: string;
  readonly entity: string;
}

/** A rule over a row: `ordered`, each field at most the next; `acyclic`, a tree's parent field. */
export interface Invariant {
  readonly kind: "ordered" | "acyclic";
  readonly fields: readonly string[];
}

export interface EntitySpec {
  readonly name: string;
  /** Null when a row is its own root. */
  readonly root: Root | null;
  readonly append: boolean;
  /** Those that a client may write. */
  readonly fields: ReadonlyMap<string, FieldSpec>;
  readonly serverFields: ReadonlySet<string>;
  /** The entity that a field names, by one id or a list of ids. */
  readonly references: ReadonlyMap<string, string>;
  readonly invariants: readonly Invariant[];
  /** The fields that name a blob, by one SHA-256 or a list of them (SPEC 18.1). */
  readonly blobs: readonly string[];
  /** Every group's fields, sorted. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** The declaration of a field, whoever may write it. */
export const fieldOf = (spec: EntitySpec, name: string): FieldSpec | undefined =>
  spec.serverFields.has(name) ? { name, policy: "server", group: name } : spec.fields.get(name);

/** The groups of these fields, each once, sorted. */
export const groupsOf = (spec: EntitySpec, names: readonly string[]): string[] =>
  [...new Set(names.map((name) => fieldOf(spec, name)?.group ?? name))].sort(compareUtf8);

const isText = (value: unknown): boolean => value == null || typeof value === "string";

const isStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

const isSetPatch = (value: unknown): boolean =>
  isObject(value) && Object.entries(value).every(([key, side]) => ["add", "remove"].includes(key) && isStrings(side));

const isCounterPatch = (value: unknown): boolean =>
  isObject(value) && Object.keys(value).join() === "add" && Number.isSafeInteger(value["add"]);

function fits({ name, policy }: FieldSpec, value: Json | undefined, base: JsonObject): boolean {
  if (policy === "text") return isText(value) && isText(base[name]);
  if (policy === "set") return isSetPatch(value);
  return policy !== "counter" || isCounterPatch(value);
}

/** Why a patch cannot apply whatever the row holds (SPEC 3.3, 4.1), or null. */
export function checkPatch(spec: EntitySpec, patch: JsonObject, base: JsonObject, byServer = false): Park | null {
  const names = Object.keys(patch).sort(compareUtf8);
  const unknown = names.filter((name) => !fieldOf(spec, name));
  if (unknown.length > 0) return park("unknown_field", unknown);
  const readOnly = names.filter((name) => spec.serverFields.has(name));
  if (readOnly.length > 0 && !byServer) return park("read_only_field", readOnly);
  const wrong = names.filter((name) => !fits(fieldOf(spec, name)!, patch[name], base));
  if (wrong.length > 0) return park("wrong_type", wrong);
  const whole = groupsOf(spec, names).flatMap((group) => spec.groups.get(group)!);
  const missing = whole.filter((name) => !has(patch, name)).sort(compareUtf8);
  return missing.length > 0 ? park("group_incomplete", missing) : null;
}

/** The ids of the rows that these fields name, the root's among them, in the order of the fields' names. */
export function referenced(spec: EntitySpec, fields: JsonObject): string[] {
  const names = new Set([...spec.references.keys(), ...(spec.root ? [spec.root.field] : [])]);
  const values = [...names].sort(compareUtf8).flatMap((name) => fields[name] ?? []);
  return values.filter((value) => typeof value === "string");
}

/** The blobs that these fields name (SPEC 18.1). */
export const blobsNamed = ({ blobs }: EntitySpec, fields: JsonObject): string[] =>
  blobs.flatMap((name) => fields[name] ?? []).filter((value) => typeof value === "string");

/** `config/catalogs/entities.json` is not of the published form (SPEC 4.3); the message names the part that is wrong. */
export class CatalogError extends Error {}

function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new CatalogError(what);
  return value;
}

function items<T>(value: unknown, what: string, read: (item: unknown, what: string) => T): T[] {
  if (!Array.isArray(value)) throw new CatalogError(what);
  return value.map((item) => read(item, what));
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (!isObject(value)) throw new CatalogError(what);
  return value;
}

function reference(value: unknown, what: string): Root {
  const { field, entity } = object(value, what);
  return { field: text(field, what), entity: text(entity, what) };
}

function field(name: string, value: unknown, what: string): FieldSpec {
  const { policy, group } = object(value, what);
  if (!(POLICIES as readonly unknown[]).includes(policy)) throw new CatalogError(`${what}.policy`);
  return { name, policy: policy as Policy, group: group == null ? name : text(group, `${what}.group`) };
}

function invariant(value: unknown, what: string): Invariant {
  const { kind, fields } = object(value, what);
  if (kind !== "ordered" && kind !== "acyclic") throw new CatalogError(what);
  return { kind, fields: items(fields, what, text) };
}

function grouped(fields: readonly FieldSpec[], serverFields: readonly string[]): Map<string, string[]> {
  const groups = new Map(serverFields.map((name) => [name, [name]]));
  for (const { name, group } of fields) groups.set(group, [...(groups.get(group) ?? []), name].sort(compareUtf8));
  return groups;
}

/** One entity of the catalogue. Throws CatalogError. */
export function entitySpec(value: unknown): EntitySpec {
  const entry = object(value, "entity");
  const name = text(entry["name"], "entity.name");
  const declared = Object.entries(object(entry["fields"], `${name}.fields`));
  const fields = declared.map(([key, value]) => field(key, value, `${name}.${key}`));
  const serverFields = items(entry["server_fields"], `${name}.server_fields`, text);
  const references = items(entry["references"], `${name}.references`, reference);
  return {
    name,
    root: entry["root"] === null ? null : reference(entry["root"], `${name}.root`),
    append: entry["append"] === true,
    fields: new Map(fields.map((spec) => [spec.name, spec])),
    serverFields: new Set(serverFields),
    references: new Map(references.map(({ field: key, entity }) => [key, entity])),
    invariants: items(entry["invariants"] ?? [], `${name}.invariants`, invariant),
    blobs: items(entry["blobs"] ?? [], `${name}.blobs`, text),
    groups: grouped(fields, serverFields),
  };
}

/** All entities, by name. Throws CatalogError. */
export const entitySpecs = (catalogue: unknown): Map<string, EntitySpec> =>
  new Map(items(catalogue, "catalogue", entitySpec).map((spec) => [spec.name, spec]));
