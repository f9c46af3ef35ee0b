/** Addresses lead to their screens, and each screen belongs to one tab. */
import { expect, test } from "vitest";
import { routeOf, tabOf } from "./router";

const pk = "0197a0b0-0000-7000-8000-000000000001";

test("a customer's address names the customer, with or without filters behind it", () => {
  expect(routeOf(`/customers/${pk}`)).toEqual({ screen: "customers", pk });
});

test("a trailing slash means the same screen", () => {
  expect(routeOf("/me/")).toEqual(routeOf("/me"));
});

test("an address that nobody made leads to the page that says so", () => {
  expect(routeOf("/customers/1")).toEqual({ screen: "unknown" });
  expect(routeOf("/nowhere")).toEqual({ screen: "unknown" });
});

test("sync and devices belong to the tab of the person", () => {
  expect([tabOf(routeOf("/me/sync")), tabOf(routeOf("/me/devices"))]).toEqual(["/me", "/me"]);
});
