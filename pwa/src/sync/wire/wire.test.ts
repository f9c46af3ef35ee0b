import { describe, expect, it } from "vitest";
import lock from "../../../../sync/wire/schema.lock?raw";
import { OPS } from "../core/mutation";
import { PARK_CODES } from "../core/park";
import { toBytes } from "../core/utf8";
import { parseError } from "./error";
import { parsePage } from "./pull";
import { encodePush, parsePushReply } from "./push";
import { joinLines } from "./shape";
import { parseChunk } from "./snapshot";
import { RESULTS, parseVerifyReply } from "./verify";
import { VERSION } from "./version";

const body = (...lines: unknown[]) => joinLines(lines.map((line) => toBytes(JSON.stringify(line))));
const header = { v: 1, epoch: 1, reset: false, scopes: null, grants: [], drops: [] };
const upsert = { op: "upsert", entity: "site", pk: "p", row_rev: [1, 2], scope: "everyone", agg: 3 };
const end = { op: "end", cursor: "c", seq: 9, caught_up: true, join: null, joined: null, durable_seq: 9, server_time: 5 };

describe("a pull page", () => {
  it("gives rows with their exact bodies, receipts and the end", () => {
    const receipt = { op: "receipt", seq: 1, id: "m", status: "applied", log_seq: 8, conflicts: [], code: null, fields: [], params: {} };
    const page = parsePage(body(header, upsert, { name: "茶" }, { op: "leave", entity: "site", pk: "q", row_rev: [1, 1] }, receipt, end));
    expect(page.rows.map(({ op }) => op)).toEqual(["upsert", "leave"]);
    expect(page.rows[0]).toMatchObject({ body: toBytes('{"name":"茶"}') });
    expect(page.receipts[0]).toMatchObject({ seq: 1, log_seq: 8 });
    expect(page.end).toMatchObject({ cursor: "c", seq: 9 });
  });

  it("is refused wherever it is cut", () => {
    const whole = body(header, upsert, { op: "end" }, end);
    for (let size = 0; size < whole.length; size++) expect(() => parsePage(whole.subarray(0, size))).toThrow();
  });

  it("is refused when a body looks like an end but the page was cut behind it", () => {
    expect(() => parsePage(body(header, upsert, end))).toThrow("page.end");
  });
});

describe("a snapshot's chunk", () => {
  it("is refused wherever it is cut", () => {
    const whole = body({ v: 1, epoch: 1, scope: "everyone", seq: 4 }, upsert, {}, { op: "end", token: "t", done: true, seq: 4 });
    expect(parseChunk(whole).rows.length).toBe(1);
    for (let size = 0; size < whole.length; size++) expect(() => parseChunk(whole.subarray(0, size))).toThrow();
  });
});

describe("push", () => {
  it("sends each mutation's bytes untouched behind its envelope", () => {
    const line = toBytes('{"id":  1}');
    const bytes = encodePush(
      { v: 1, device: "d", now: 1, acked_through: 0, parent: null, void: null, store_raw: false, person: null, cursor: null },
      [{ envelope: { seq: 1, txn: "t", id: "m", sha: "s", prev: null, skew: null }, line }],
    );
    expect(new TextDecoder().decode(bytes).split("\n")[2]).toBe('{"id":  1}');
  });

  it("takes a word from the future for an acknowledgement, and nothing that is no word", () => {
    const reply = (status: unknown) =>
      JSON.stringify({ v: 1, epoch: 1, receipts: [{ seq: 1, id: "m", status, code: "new" }], server_time: 1, durable_seq: 1 });
    expect(parsePushReply(reply("deferred")).receipts).toMatchObject([{ id: "m", code: "new" }]);
    expect(() => parsePushReply(reply(1))).toThrow("push.receipts[0].status");
  });
});

describe("a verdict", () => {
  it("that is not known asks for nothing", () =>
    expect(parseVerifyReply('{"v":1,"results":{"a":"ok","b":"perhaps"}}').results).toEqual({ a: "ok", b: "pending" }));
});

describe("an error", () => {
  it("is refused when it is a proxy's page", () => expect(() => parseError("<html>")).toThrow("error"));
  it("ignores keys it does not know", () =>
    expect(parseError('{"error":{"code":"c","message":"m","more":1}}')).toEqual({ code: "c", message: "m", details: {} }));
});

describe("the wire's lock", () => {
  const locked: { growing: Record<string, string[]>; versions: Record<string, string> } = JSON.parse(lock);

  it("holds this version", () => expect(Object.keys(locked.versions)).toContain(String(VERSION)));

  it("names the same words as this side knows", () =>
    expect(locked.growing).toEqual({ ops: OPS, park_codes: PARK_CODES, verify_results: RESULTS }));
});
