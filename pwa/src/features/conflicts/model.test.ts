/** Which side stands first on a card, what is underlined, and what of a parked item can be read. */
import { describe, expect, test } from "vitest";
import type { Row } from "../../store";
import { conflictOf, difference, isHeld, pairOf, parkedOf, typedValues } from "./model";
import { bothOf } from "./words";

const side = (by: string, phone: string) => ({ by, device: "d", at: 1, mutation: `m-${by}`, value: { phone } });

const row = (entity: string, fields: Row["fields"]): Row => ({ entity, pk: "p", fields, rev: [1, 1], state: "needs", pending: [], at: 1 });

const conflict = (current: ReturnType<typeof side>, ...candidates: ReturnType<typeof side>[]) =>
  conflictOf(row("conflict", { kind: "register", state: "open", entity: "customer", row_pk: "c", group: "phone", opened_at: 1, customer_id: "c", current, candidates }));

describe("the two sides of a card", () => {
  test("one's own losing value stands first, against the one in use", () => {
    const pair = pairOf(conflict(side("mina", "687"), side("me", "678")), "me");
    expect(pair).toMatchObject({ first: { by: "me" }, second: { by: "mina" }, current: "second", mine: "first" });
  });

  test("one's own value in use stands first too", () => {
    expect(pairOf(conflict(side("me", "678"), side("mina", "687")), "me")).toMatchObject({ first: { by: "me" }, current: "first", mine: "first" });
  });

  test("a manager sees two others, neither as their own", () => {
    expect(pairOf(conflict(side("mina", "687"), side("hao", "678")), "boss")).toMatchObject({ first: { by: "mina" }, second: { by: "hao" }, mine: null });
  });

  test("a conflict without a candidate has nothing to decide", () => {
    expect(pairOf(conflict(side("mina", "687")), "me")).toBeNull();
  });
});

describe("what is underlined", () => {
  const cut = (a: string, b: string): [string, string] => {
    const found = difference(a, b);
    return [Array.from(a).slice(...found.a).join(""), Array.from(b).slice(...found.b).join("")];
  };
  test("a whole block of a phone number", () => expect(cut("0912-345-678", "0912-345-687")).toEqual(["678", "687"]));
  test("a whole house number", () => expect(cut("中山路 10 號", "中山路 1 號")).toEqual(["10", "1"]));
  test("only the differing words of a text", () => expect(cut("月結 60 天，現金", "月結 60 天，支票")).toEqual(["現金", "支票"]));
  test("single digits of a long number", () => expect(cut("12345678", "12345679")).toEqual(["8", "9"]));
  test("nothing when both are equal", () => expect(cut("同", "同")).toEqual(["", ""]));
});

test("two phone numbers can stand beside each other, two tiers cannot", () => {
  const { current, candidates } = conflict(side("mina", "687"), side("me", "678"));
  expect(bothOf(current, candidates[0]!)).toEqual({ phone: "687 / 678" });
  expect(bothOf({ ...current, value: { tier: "A" } }, { ...current, value: { tier: "B" } })).toBeNull();
});

test("a parked item shows what was typed, and says whether it waits for the person", () => {
  const parked = parkedOf(row("parked", { code: "assignee_disabled", mutation: '{"patch":{"why":"收款"}}', state: "open" }));
  expect(typedValues(parked)).toEqual({ why: "收款" });
  expect(isHeld(parked)).toBe(false);
  expect(isHeld(parkedOf(row("parked", { code: "depends_on_parked", mutation: null })))).toBe(true);
});

test("bytes that are no mutation show nothing instead of breaking the screen", () => {
  expect(typedValues(parkedOf(row("parked", { code: "undecodable", mutation: "{", state: "open" })))).toEqual({});
});
