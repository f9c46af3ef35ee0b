/** What the inbox makes of a notice's row. */
import { expect, test } from "vitest";
import type { Row } from "../../store";
import { inOrder, leadsTo, noticeOf } from "./model";

const DAY = 86_400_000;
const row = (fields: Row["fields"], state: Row["state"] = "server"): Row => ({ entity: "notice", pk: "p", fields, rev: [1, 1], state, pending: [], at: 1 });
const at = (created_at: number) => noticeOf(row({ created_at }));

test("the kinds of a digest are counted together", () => {
  const counts = [{ kind: "touch", due: 2, late: 1 }, { kind: "promise", due: 0, late: 3 }];
  expect(noticeOf(row({ kind: "digest", counts }))).toMatchObject({ kind: "digest", due: 2, late: 4, isSeen: false });
});

test("one that was read here counts as read before the server knows", () => {
  expect([noticeOf(row({}, "device")).isSeen, noticeOf(row({ seen_at: 5 })).isSeen, noticeOf(row({})).isSeen]).toEqual([true, true, false]);
});

test("the newest stands first, and what is two weeks old is gone also on a device that hears of nothing", () => {
  const now = 100 * DAY;
  expect(inOrder([at(now - DAY), at(now), at(now - 14 * DAY)], now).map((each) => each.at)).toEqual([now, now - DAY]);
});

test("a notice leads to its customer, a digest to Today", () => {
  expect([leadsTo({ customerId: "c" }), leadsTo({ customerId: "" })]).toEqual(["/customers/c", "/"]);
});
