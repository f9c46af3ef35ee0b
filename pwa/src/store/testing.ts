/** A small company's catalogue and an empty database, for the tests of this room and of transport. */
import { dumps } from "../sync/core/canonical";
import type { Upsert } from "../sync/wire/pull";
import type { EntitySpec, Policy } from "../sync/core/policy";
import type { Catalog } from "./catalog";
import { newId } from "./ids";
import { openStore } from "./open";
import type { Fields, Rev, Store } from "./types";

type Declared = Record<string, Policy | readonly [Policy, group: string]>;

function entity(name: string, root: EntitySpec["root"], declared: Declared, append = false, blobs: string[] = []): [string, EntitySpec] {
  const fields = Object.entries(declared).map(([field, what]) => {
    const [policy, group] = typeof what === "string" ? [what, field] : what;
    return { name: field, policy, group };
  });
  const groups = new Map(fields.map(({ group }) => [group, fields.filter((one) => one.group === group).map((one) => one.name)]));
  const common = { root, append, serverFields: new Set(["territory_id"]), references: new Map(), invariants: [], blobs };
  return [name, { name, ...common, groups, fields: new Map(fields.map((field) => [field.name, field])) }];
}

const ofCustomer = { field: "customer_id", entity: "customer" };

export const catalog: Catalog = {
  schema: 1,
  specs: new Map([
    entity("customer", null, {
      name: "register", phone: "register", notes: "text", tags: "set", visits: "counter",
      payment_terms: ["ask", "payment"], credit_limit_minor: ["ask", "payment"],
    }),
    entity("touch", ofCustomer, { customer_id: "register", due_from_on: "register", why: "text" }),
    entity("interaction", ofCustomer, { customer_id: "append", started_at: "append", notes: "append" }, true),
    entity("photo", ofCustomer, { customer_id: "append", sha256: "append" }, true, ["sha256"]),
  ]),
};

const opened: Store[] = [];

/** A store of a person who was never here before, or of the one given. */
export async function freshStore(person: string = newId()): Promise<Store> {
  const store = await openStore(person, catalog);
  opened.push(store);
  return store;
}

/** Call after each test: an open channel would keep the process alive. */
export function closeStores(): void {
  for (const store of opened.splice(0)) store.close();
}

export const upsert = (entity: string, pk: string, fields: Fields, rev: Rev = [1, 1], scope = "territory:t"): Upsert => ({
  op: "upsert", entity, pk, row_rev: rev, scope, agg: rev[1], body: dumps(fields),
});
