/** A small server in memory that follows the protocol, and does to a link whatever a test tells it to. */
import { dumps } from "../sync/core/canonical";
import { add, compareRevs, rowDigest, shaHex, toHex } from "../sync/core/digest";
import { type Mutation, decode } from "../sync/core/mutation";
import { fromBytes, toBytes } from "../sync/core/utf8";
import type { PullRequest } from "../sync/wire/pull";
import { type PushHeader, type PushReply, type Receipt, readEnvelope, readHeader } from "../sync/wire/push";
import { parseLine, splitLines } from "../sync/wire/shape";
import type { VerifyRequest } from "../sync/wire/verify";
import type { Fields, Rev } from "../store/types";

interface ServerRow {
  entity: string;
  pk: string;
  rev: Rev;
  scope: string;
  fields: Fields;
  isDeleted: boolean;
}

interface LogEntry {
  entity: string;
  pk: string;
  scopes: string[];
}

interface Position {
  epoch: number;
  seq: number;
  told: string[];
  pending: string[];
}

/** What a test may do with a request: answer in the server's place, or see the real answer and replace it. */
export type Fault = (path: string, serve: () => Promise<Response>) => Promise<Response>;

export const refuse = (status: number, code: string, details: object = {}, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ error: { code, message: code, details } }), { status, headers });

/** The request never arrives. */
export const lostRequest: Fault = () => Promise.reject(new TypeError("network"));
/** The server does its work, and its reply is lost. */
export const lostReply: Fault = async (_path, serve) => {
  await serve();
  throw new TypeError("network");
};
/** The reply ends in the middle of a line, without any error of the network. */
export const cutReply: Fault = async (_path, serve) => {
  const bytes = await (await serve()).arrayBuffer();
  return new Response(bytes.slice(0, bytes.byteLength - 20));
};
export const always = (response: () => Response): Fault => () => Promise.resolve(response());

export class FakeServer {
  epoch = 1;
  scopes = new Set(["everyone", "territory:t"]);
  rows = new Map<string, ServerRow>();
  log: LogEntry[] = [];
  /** The last log position that a backup holds. */
  durable = 0;
  /** Where the log begins since the last clean-up. */
  floor = 0;
  /** Whether a cursor can hold the scopes that wait. */
  hasRoom = true;
  receipts = new Map<string, Receipt>();
  devices = new Map<string, { sha: string; id: string }[]>();
  /** The next requests to a path (its last part) meet these. */
  faults: [part: string, fault: Fault][] = [];
  /** Every request served, by the last part of its path. */
  asked: string[] = [];
  pushed: PushHeader[] = [];
  applied: Mutation[] = [];
  chunkRows = 2;
  maxPending = 2;
  /** The hashes of the outboxes' keys, and whether access has been ended: then only these are let in. */
  keys = new Set<string>();
  isBarred = false;
  isDestroyed = false;
  /** Who is signed in; null takes everybody. */
  person: string | null = null;
  /** Names whose mutation makes the server fail. */
  poison = "毒";
  /** Names whose mutation kills the server's worker: no answer comes. */
  crash = "炸";
  /** Names whose mutation arrives altered, as many times as `alterations` says. */
  garble = "糊";
  alterations = 0;

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input), "http://localhost");
    const part = url.pathname.split("/").at(-1)!;
    this.asked.push(part);
    const body = init?.body === undefined ? new Uint8Array() : await inflated(init);
    const at = this.faults.findIndex(([name]) => name === part);
    const serve = async () => this.serve(part, url, body, new Headers(init?.headers));
    return at === -1 ? serve() : this.faults.splice(at, 1)[0]![1](part, serve);
  };

  /** Puts a row in, as somebody else's write. */
  put(entity: string, pk: string, fields: Fields, scope = "territory:t"): void {
    const old = this.rows.get(pk);
    const rev: Rev = [this.epoch, (old?.rev[1] ?? 0) + 1];
    this.rows.set(pk, { entity, pk, rev, scope, fields, isDeleted: false });
    this.log.push({ entity, pk, scopes: [scope, ...(old ? [old.scope] : [])] });
  }

  delete(pk: string): void {
    const row = this.rows.get(pk)!;
    this.rows.set(pk, { ...row, rev: [this.epoch, row.rev[1] + 1], isDeleted: true });
    this.log.push({ entity: row.entity, pk, scopes: [row.scope] });
  }

  private serve(part: string, url: URL, body: Uint8Array, headers: Headers): Response {
    if (this.person !== null && (part === "push" || part === "pull") && !fromBytes(body).includes(`"person":"${this.person}"`)) {
      return refuse(403, "wrong_person");
    }
    if (part === "drain") return this.drain(body, headers);
    if (this.isBarred) return refuse(401, "device_revoked");
    if (part === "drain-key") {
      this.keys.add((JSON.parse(fromBytes(body)) as { key_hash: string }).key_hash);
      return new Response(null, { status: 204 });
    }
    if (part === "push") return this.push(body);
    if (part === "pull") return this.pull(JSON.parse(fromBytes(body)) as PullRequest);
    if (part === "snapshot") return this.snapshot(url.searchParams.get("scope")!, url.searchParams.get("token"));
    if (part === "verify") return this.verify(JSON.parse(fromBytes(body)) as VerifyRequest);
    if (part === "head") return this.head(headers.get("if-none-match"));
    return refuse(404, "not_found");
  }

  private drain(body: Uint8Array, headers: Headers): Response {
    if (!this.keys.has(shaHex(toBytes(headers.get("x-baifang-drain") ?? "")))) return refuse(401, "drain_refused");
    if (!this.isBarred) return refuse(403, "drain_not_due");
    return this.isDestroyed ? refuse(410, "outbox_destroyed") : this.push(body);
  }

  private head(known: string | null): Response {
    const tag = `"${this.epoch}.${this.log.length}.${[...this.scopes].join()}"`;
    if (known === tag) return new Response(null, { status: 304 });
    const body = { v: 1, epoch: this.epoch, seq: this.log.length, server_time: Date.now() };
    return new Response(JSON.stringify(body), { headers: { etag: tag } });
  }

  private push(body: Uint8Array): Response {
    const lines = splitLines(body);
    const header = parseLine(readHeader, lines[0]!, "header");
    this.pushed.push(header);
    const reply: { -readonly [K in keyof PushReply]: PushReply[K] } = {
      v: 1, epoch: this.epoch, receipts: [], expected_seq: null, fork: null, server_time: Date.now(), durable_seq: this.durable,
    };
    const known = this.known(header);
    const receipts: Receipt[] = [];
    for (let at = 1; at < lines.length; at += 2) {
      const envelope = parseLine(readEnvelope, lines[at]!, "envelope");
      const line = this.arrived(lines[at + 1]!);
      const { seq, id, sha, prev } = envelope;
      const same = this.receipts.get(id);
      if (seq > known.length + 1 && !same) break;
      const before = known[seq - 2]?.sha ?? null;
      if ((known[seq - 1] && known[seq - 1]!.sha !== sha) || (seq > 1 && known[seq - 2]?.sha !== "void" && before !== prev)) {
        const equal = known.findLastIndex((one, i) => i < seq - 1 && one.sha === prev);
        reply.fork = { seq, last_equal_seq: equal === -1 ? null : equal + 1 };
        break;
      }
      const isAltered = shaHex(line) !== sha;
      if (isAltered && !header.store_raw && !same) break;
      known[seq - 1] = { sha, id };
      const text = fromBytes(line);
      if (text.includes(this.crash) && !header.store_raw && !same) throw new TypeError("connection reset");
      if (text.includes(this.poison) && !header.store_raw && !same) return refuse(503, "server_busy", { receipts });
      const receipt = same
        ? { ...same, seq, status: "duplicate" as const }
        : isAltered ? this.park(seq, id, text) : this.apply(seq, decode(line), header.store_raw);
      this.receipts.set(id, same ?? receipt);
      receipts.push(receipt);
    }
    return Response.json({ ...reply, receipts, expected_seq: known.length + 1 });
  }

  private arrived(line: Uint8Array): Uint8Array {
    if (this.alterations === 0 || !fromBytes(line).includes(this.garble)) return line;
    this.alterations -= 1;
    return toBytes(fromBytes(line).replace(this.garble, "？"));
  }

  private park(seq: number, id: string, mutation: string): Receipt {
    this.put("parked", id, { mutation_id: id, state: "open", code: "sha_mismatch", mutation }, "everyone");
    return { seq, id, status: "parked", code: "sha_mismatch", conflicts: [], fields: [], params: {}, log_seq: this.log.length };
  }

  private known({ device, void: voided }: PushHeader): { sha: string; id: string }[] {
    const known = this.devices.get(device) ?? [];
    this.devices.set(device, known);
    for (let seq = voided?.[0] ?? 1; voided && seq <= voided[1]; seq++) known[seq - 1] ??= { sha: "void", id: "" };
    return known;
  }

  private apply(seq: number, mutation: Mutation, isRaw: boolean): Receipt {
    const { id, entity, pk, patch, op } = mutation;
    const common = { seq, id, conflicts: [], fields: [], params: {} };
    if (this.isBarred) return { ...common, status: "parked", code: "drained", log_seq: this.log.length };
    if (isRaw) return { ...common, status: "parked", code: "store_raw", log_seq: this.log.length };
    this.applied.push(mutation);
    const old = this.rows.get(pk);
    if (op === "delete") this.delete(pk);
    else this.put(entity, pk, { ...old?.fields, ...patch }, old?.scope ?? "territory:t");
    return { ...common, status: "applied", code: null, log_seq: this.log.length };
  }

  private pull(request: PullRequest): Response {
    const given = request.cursor === null ? null : this.position(request.cursor);
    if (given === "bad") return refuse(400, "bad_cursor");
    let start = given?.epoch === this.epoch ? given : null;
    if (start !== null && start.seq < this.floor) {
      const expired = start.told.filter((scope) => this.touched(start!.seq, this.floor, [scope]).length > 0);
      start = { ...start, seq: this.floor, pending: [...new Set([...start.pending, ...expired])] };
      const cursor = this.hasRoom ? JSON.stringify(start) : null;
      if (expired.length > 0) return refuse(410, "cursor_expired", { scopes: expired, cursor });
    }
    const unknown = [...this.scopes].filter((scope) => !start?.told.includes(scope));
    const told = unknown.slice(0, this.maxPending - (start?.pending.length ?? 0));
    const drops = (start?.told ?? []).filter((scope) => !this.scopes.has(scope));
    let pending = [...(start?.pending ?? []).filter((scope) => this.scopes.has(scope)), ...told];
    const join = request.join === null ? null : (JSON.parse(request.join) as { scope: string; from: number; done: boolean });
    const isJoining = join?.done === true && this.scopes.has(join.scope) && (pending.includes(join.scope) || !unknown.includes(join.scope));
    const active = [...this.scopes].filter((scope) => (!pending.includes(scope) && !unknown.includes(scope)) || (isJoining && join.scope === scope));
    const from = start?.seq ?? this.log.length;
    const end = Math.min(this.log.length, from + request.limit);
    const pks = new Set(this.touched(from, end, active));
    if (isJoining) this.touched(join.from, end, [join.scope]).forEach((pk) => pks.add(pk));
    if (isJoining) pending = pending.filter((scope) => scope !== join.scope);
    const cursor: Position = { epoch: this.epoch, seq: end, told: [...(start?.told ?? []), ...told].filter((scope) => this.scopes.has(scope)), pending };
    const receipts = [...this.receipts.values()].filter(
      ({ id, log_seq }) => log_seq! <= end && this.devices.get(request.device)?.some((one) => one.id === id),
    );
    return ndjson([
      { v: 1, epoch: this.epoch, reset: start === null, scopes: [...this.scopes], grants: told, drops },
      ...[...pks].flatMap((pk) => this.lines(this.rows.get(pk)!, active)),
      ...receipts.map((receipt) => ({ op: "receipt", ...receipt })),
      {
        op: "end", cursor: JSON.stringify(cursor), seq: end, caught_up: end === this.log.length, join: null,
        joined: isJoining ? join.scope : null, durable_seq: this.durable, server_time: Date.now(),
      },
    ]);
  }

  private position(cursor: string): Position | "bad" {
    try {
      return JSON.parse(cursor) as Position;
    } catch {
      return "bad";
    }
  }

  private touched(from: number, end: number, scopes: string[]): string[] {
    return this.log.slice(from, end).filter((entry) => entry.scopes.some((scope) => scopes.includes(scope))).map(({ pk }) => pk);
  }

  private lines(row: ServerRow, active: string[]): (object | Uint8Array)[] {
    const { entity, pk, rev, scope, fields } = row;
    if (row.isDeleted) return [{ op: "delete", entity, pk, row_rev: rev }];
    if (!active.includes(scope)) return [{ op: "leave", entity, pk, row_rev: rev }];
    return [{ op: "upsert", entity, pk, row_rev: rev, scope, agg: rev[1] }, dumps(fields)];
  }

  private snapshot(scope: string, token: string | null): Response {
    if (!this.scopes.has(scope)) return refuse(403, "forbidden");
    const { from, after } = token === null ? { from: this.log.length, after: "" } : (JSON.parse(token) as { from: number; after: string });
    const rows = this.live(scope).filter(({ pk }) => pk > after).sort((a, b) => (a.pk < b.pk ? -1 : 1));
    const some = rows.slice(0, this.chunkRows);
    const done = some.length === rows.length;
    const next = { scope, from: Math.min(from, this.log.length), after: some.at(-1)?.pk ?? after, done };
    return ndjson([
      { v: 1, epoch: this.epoch, scope, seq: this.log.length },
      ...some.flatMap((row) => this.lines(row, [scope])),
      { op: "end", token: JSON.stringify(next), done, seq: this.log.length },
    ]);
  }

  live(scope: string): ServerRow[] {
    return [...this.rows.values()].filter((row) => row.scope === scope && !row.isDeleted);
  }

  private verify({ scopes }: VerifyRequest): Response {
    const results = Object.entries(scopes).map(([scope, { count, sum }]) => {
      if (!this.scopes.has(scope)) return [scope, "not_granted"];
      const rows = this.live(scope);
      const total = rows.reduce((all, row) => add(all, rowDigest(row.entity, row.pk, row.rev, dumps(row.fields))), 0n);
      return [scope, rows.length === count && toHex(total) === sum ? "ok" : "mismatch"];
    });
    return Response.json({ v: 1, results: Object.fromEntries(results) });
  }

  /** Goes back to an earlier state, as a restored backup does. */
  restore(log: number): void {
    this.epoch += 1;
    this.log = this.log.slice(0, log);
    const kept = new Set(this.log.map(({ pk }) => pk));
    for (const [pk, row] of this.rows) {
      if (!kept.has(pk)) this.rows.delete(pk);
      else if (compareRevs(row.rev, [this.epoch, 0]) < 0) this.rows.set(pk, { ...row, rev: [this.epoch, row.rev[1]] });
    }
    this.receipts.clear();
    this.devices.clear();
  }
}

async function inflated({ body, headers }: RequestInit): Promise<Uint8Array> {
  const response = new Response(body as BodyInit);
  if (new Headers(headers).get("content-encoding") !== "gzip") return new Uint8Array(await response.arrayBuffer());
  return new Uint8Array(await new Response(response.body!.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

const ndjson = (lines: (object | Uint8Array)[]): Response =>
  new Response(lines.map((line) => (line instanceof Uint8Array ? fromBytes(line) : JSON.stringify(line)) + "\n").join(""));

/** As a browser does it: one holder a name, and a thief ends the holder's promise. */
export class Locks {
  private held: ((reason: unknown) => void) | null = null;

  async request(_name: string, { steal }: { steal?: boolean }, work: (lock: object | null) => Promise<unknown>): Promise<unknown> {
    if (this.held && !steal) return work(null);
    this.held?.(new DOMException("stolen", "AbortError"));
    let mine: (reason: unknown) => void = () => {};
    const lost = new Promise<never>((_resolve, reject) => (mine = reject));
    this.held = mine;
    return Promise.race([work({}), lost]).finally(() => (this.held = this.held === mine ? null : this.held));
  }
}
