import { expect, it } from "vitest";
import published from "../../../../config/catalogs/entities.json";
import { CatalogError, entitySpecs } from "./policy";

const thing = {
  name: "thing", root: null, append: false, fields: { a: { policy: "register" } }, server_fields: [], references: [], invariants: [],
};

it("the published catalogue is readable, and each of its references names an entity of it", () => {
  const specs = entitySpecs(published.entities);
  expect(specs.size).toBe(published.entities.length);
  for (const { root, references } of specs.values()) {
    for (const entity of [...references.values(), ...(root ? [root.entity] : [])]) expect([...specs.keys()]).toContain(entity);
  }
});

it("a field without a group is its own, and groups list their fields sorted", () => {
  const fields = { b: { policy: "ask", group: "a" }, a: { policy: "ask", group: "a" }, c: { policy: "text", group: null } };
  const spec = entitySpecs([{ ...thing, fields }]).get("thing")!;
  expect([...spec.groups]).toEqual([["a", ["a", "b"]], ["c", ["c"]]]);
});

it.each([
  ["catalogue", {}],
  ["entity", [null]],
  ["thing.a.policy", [{ ...thing, fields: { a: { policy: "last_wins" } } }]],
  ["thing.root", [{ ...thing, root: { field: "x" } }]],
  ["thing.invariants", [{ ...thing, invariants: [{ kind: "nice", fields: [] }] }]],
])("what is wrong is named: %s", (what, catalogue) => {
  expect(() => entitySpecs(catalogue)).toThrow(new CatalogError(what));
});
