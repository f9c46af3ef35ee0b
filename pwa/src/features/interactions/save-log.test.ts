/** What a logged contact fulfils: what was planned on its channel or a weaker one, never a stronger one. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { addDays, today } from "../../i18n/index";
import { allOf, enqueue, makeCatalog, newId, openStore, type Fields, type Store } from "../../store";
import { toRecord } from "../../store/mirror";
import { toBytes } from "../../sync/core/utf8";
import { keepCustomers } from "../customers/queries";
import { duesWith, keepTouches } from "../touches/queries";
import { emptyForm, type Channel, type LogForm } from "./model";
import { fulfilled, saveLog } from "./save-log";

const [customer, person, cadence] = [newId(), newId(), newId()];
let store: Store;
let stops: (() => void)[] = [];

const plan = (channel: Channel, days = 0, more: Fields = {}): Promise<unknown> =>
  enqueue(store, [{ entity: "touch", pk: newId(), op: "create", fields: { customer_id: customer, assignee_id: person, state: "open", channel, due_from_on: addDays(today(), days), due_to_on: addDays(today(), days), ...more } }]);

const known = (count: number): Promise<void> => vi.waitFor(() => expect(duesWith(customer)).toHaveLength(count));

const form = (channel: Channel, more: Partial<LogForm> = {}): LogForm => ({ ...emptyForm(channel, null, 1), outcome: "same", ...more });

const fulfils = (channel: Channel, more: Partial<LogForm> = {}): Channel[] => fulfilled(form(channel, more), customer, null).map((due) => due.channel);

beforeEach(async () => {
  store = await openStore(person, makeCatalog(catalogue));
  const body = toBytes(JSON.stringify({ name: "每週通話", channel: "call", every_days: 7 }));
  await store.db.mirror.put(toRecord(store.catalog, { op: "upsert", entity: "cadence", pk: cadence, row_rev: [1, 1], scope: "all", agg: 1, body } as never, 0));
  stops = [keepCustomers(store), keepTouches(store)];
  await enqueue(store, [{ entity: "customer", pk: customer, op: "create", fields: { name: "永豐" } }]);
});

afterEach(async () => {
  stops.forEach((stop) => stop());
  store.close();
  await store.db.delete();
});

test("a call fulfils a planned call and no visit; a visit fulfils the visit", async () => {
  await plan("visit");
  await plan("call");
  await known(2);
  expect([fulfils("call"), fulfils("visit"), fulfils("email"), fulfils("visit", { outcome: "missed" })]).toEqual([["call"], ["visit"], [], []]);
});

test("what is planned for later is fulfilled only from its own sheet", async () => {
  await plan("call", 3);
  await known(1);
  const [due] = duesWith(customer);
  expect([fulfils("call"), fulfilled(form("call"), customer, due!.pk)]).toEqual([[], [due]]);
});

test("a visit closes its plan, and what a cadence asked for and somebody put off until today", async () => {
  await plan("visit");
  await plan("call", 0, { cadence_id: cadence });
  await plan("call", 0, { why: "報價" });
  await vi.waitFor(() => expect(duesWith(customer).map(({ channel, reason }) => reason?.kind ?? channel).sort()).toEqual(["cadence", "call", "visit"]));
  await saveLog(store, form("visit"), customer, null);
  const states = (await allOf(store, "touch")).map(({ fields }) => [fields["channel"], fields["why"] ?? "", fields["state"]].join(" "));
  expect(states.sort()).toEqual(["call  done", "call 報價 open", "visit  done"]);
});
