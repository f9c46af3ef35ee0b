/** Which way stands first in Today's dock: the one that was planned, to the person it was planned with. */
import { expect, test } from "vitest";
import type { Row } from "../../store";
import { contactOf, siteOf } from "../customers/model";
import type { Channel } from "./model";
import { phoneWay, plannedWay } from "./ways";

const row = (entity: string, pk: string, fields: Row["fields"]): Row => ({ entity, pk, fields, rev: null, state: "server", pending: [], at: "" });

const boss = contactOf(row("contact", "boss", { name: "王", mobile: "0911", line_id: "wang", email: "wang@example.com", roles: ["economic"] }));
const clerk = contactOf(row("contact", "clerk", { name: "林", mobile: "0922", line_id: "lin", email: "lin@example.com" }));
const site = siteOf(row("site", "s", { address: "中山路 1 號" }));
const known = { phone: "04", contacts: [boss, clerk], sites: [site] };
const to = (channel: Channel, contactId = ""): string => plannedWay({ channel, contactId }, known)?.href ?? "";

test.each([["visit", "google.com/maps"], ["call", "tel:0911"], ["chat", "line.me/R/ti/p/~wang"], ["email", "mailto:wang@"]] as const)("a planned %s opens %s", (channel, href) => expect(to(channel)).toContain(href));

test.each([["call", "tel:0922"], ["chat", "~lin"], ["email", "mailto:lin@"]] as const)("a %s planned with somebody goes to that person", (channel, href) => expect(to(channel, "clerk")).toContain(href));

test("where the planned way is not known, no other takes its place", () => {
  const bare = { phone: "04", contacts: [], sites: [] };
  for (const channel of ["visit", "chat", "email"] as const) expect(plannedWay({ channel, contactId: "" }, bare)).toBeNull();
  expect(phoneWay({ contactId: "" }, bare)?.href).toBe("tel:04");
});

test("as long as people and places are being read, nothing is said of the planned way", () => {
  expect(plannedWay({ channel: "visit", contactId: "" }, { phone: "04", contacts: undefined, sites: undefined })).toBeUndefined();
  expect(phoneWay({ contactId: "" }, { phone: "04", contacts: undefined, sites: undefined })?.href).toBe("tel:04");
});
