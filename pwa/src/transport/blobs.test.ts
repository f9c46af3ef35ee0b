import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { blobOf, bytesOf, keepBlob, wantBlob } from "../store/blobs";
import { counts } from "../store/counts";
import { newId } from "../store/ids";
import { writeMeta } from "../store/meta";
import { enqueue } from "../store/outbox";
import { signOutHere, switchPerson, unsentWork } from "../store/leaving";
import { rememberPerson, UnsentError } from "../store/people";
import { closeStores, freshStore } from "../store/testing";
import type { Store } from "../store/types";
import { shaHex } from "../sync/core/digest";
import { ChunkPace, carryBlobs } from "./blobs";
import { makeHttp } from "./http";
import { Locks, refuse } from "./testing";

/** A server that takes blobs as SPEC 18 says, and does to a link whatever a test tells it to. */
class BlobServer {
  readonly whole = new Map<string, Uint8Array>();
  readonly parts = new Map<string, number[]>();
  asked: string[] = [];
  /** Meets the next requests of a method; undefined lets one pass. */
  faults: [method: string, fault: (serve: () => Response) => Response][] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const path = new URL(String(input), "http://localhost").pathname;
    const method = init?.method ?? "GET";
    this.asked.push(method);
    const body = new Uint8Array(await new Response(init?.body).arrayBuffer());
    const serve = () => this.serve(method, path, body, new Headers(init?.headers));
    const at = this.faults.findIndex(([name]) => name === method);
    return at === -1 ? serve() : this.faults.splice(at, 1)[0]![1](serve);
  };

  private serve(method: string, path: string, body: Uint8Array, headers: Headers): Response {
    const last = path.split("/").at(-1)!;
    if (method === "GET") return this.whole.has(last) ? new Response(this.whole.get(last)! as BodyInit) : refuse(404, "blob_on_its_way");
    if (method === "POST") {
      const { sha256 } = JSON.parse(new TextDecoder().decode(body)) as { sha256: string };
      if (this.whole.has(sha256)) return complete();
      if (!this.parts.has(sha256)) this.parts.set(sha256, []);
      return going(sha256, this.parts.get(sha256)!.length);
    }
    const held = this.parts.get(last);
    if (!held) return refuse(404, "upload_gone");
    if (Number(headers.get("upload-offset")) !== held.length) return refuse(409, "wrong_offset", { offset: held.length });
    const digest = atob(headers.get("upload-checksum")!.split(" ")[1]!);
    const hex = [...digest].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
    if (hex !== shaHex(body)) return refuse(422, "chunk_damaged");
    held.push(...body);
    const bytes = new Uint8Array(held);
    if (shaHex(bytes) !== last) return going(last, held.length);
    this.parts.delete(last);
    this.whole.set(last, bytes);
    return complete();
  }
}

const going = (upload: string, offset: number): Response => Response.json({ v: 2, state: "uploading", offset, max_chunk: 1 << 20, upload, log_seq: null });
const complete = (): Response => Response.json({ v: 2, state: "complete", offset: 0, max_chunk: 1 << 20, upload: null, log_seq: 7 });
const lost = (serve: () => Response): Response => {
  serve();
  throw new TypeError("network");
};
const cut = (): Response => {
  throw new TypeError("network");
};

let server: BlobServer;
let store: Store;
const carry = (pace = new ChunkPace()) => carryBlobs(store, makeHttp(() => {}, server.fetch), pace);

beforeEach(async () => {
  const memory = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
    removeItem: (key: string) => memory.delete(key),
  });
  server = new BlobServer();
  store = await freshStore();
  await writeMeta(store.db, { epoch: 1 });
  remember(store.person);
});
afterEach(() => {
  closeStores();
  vi.unstubAllGlobals();
});

const remember = (id: string) =>
  rememberPerson({ id, name: "林", role: "rep", loginName: "lin", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });

const photo = (size: number, seed = 1): ArrayBuffer => Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed) % 251).buffer;

/** A photo that an act names. */
async function taken(bytes: ArrayBuffer): Promise<string> {
  const { sha256 } = await keepBlob(store, bytes, "image/jpeg");
  await enqueue(store, [{ entity: "photo", pk: newId(), op: "create", fields: { customer_id: newId(), sha256 } }]);
  return sha256;
}

const stateOf = async (sha256: string) => (await blobOf(store, sha256))?.state;

/** A pace that never grows. */
const small = (bytes: number): ChunkPace => Object.assign(new ChunkPace(), { bytes, succeeded: () => {}, failed: () => {} });

test("what is added to a form stays here until the form is saved, and is sent then", async () => {
  const { sha256 } = await keepBlob(store, photo(10), "image/jpeg");
  await carry();
  expect([await stateOf(sha256), server.asked]).toEqual(["draft", []]);
  await enqueue(store, [{ entity: "photo", pk: newId(), op: "create", fields: { customer_id: newId(), sha256 } }]);
  await carry();
  expect(await stateOf(sha256)).toBe("sent");
  expect(server.whole.get(sha256)).toEqual(new Uint8Array(photo(10)));
});

test("cut at each chunk, before or after it arrived, every byte comes through once", async () => {
  for (const fault of [lost, cut]) {
    const bytes = photo(5_000, fault === cut ? 2 : 3);
    const sha256 = await taken(bytes);
    for (let run = 0; run < 60 && (await stateOf(sha256)) !== "sent"; run++) {
      server.faults = [["PATCH", fault], ["POST", run % 3 === 0 ? fault : (serve) => serve()]];
      await carry(small(fault === cut ? 5_000 : 500));
      server.faults = [];
      if (fault === cut) await carry(small(700));
    }
    expect(server.whole.get(sha256)).toEqual(new Uint8Array(bytes));
  }
});

test("a chunk damaged on its way is sent again, a whole one that is not the file begins anew", async () => {
  const sha256 = await taken(photo(900));
  server.faults = [["PATCH", () => refuse(422, "chunk_damaged")], ["PATCH", () => refuse(422, "blob_mismatch")]];
  await carry();
  expect(await stateOf(sha256)).toBe("sent");
  expect(server.asked).toEqual(["POST", "PATCH", "PATCH", "POST", "PATCH"]);
});

test("one that the server will not keep stays here with its reason, counts as unsent and holds up no other", async () => {
  const bad = await taken(photo(10));
  const good = await taken(photo(20));
  server.faults = [["POST", () => refuse(415, "blob_refused")]];
  await carry();
  expect(await blobOf(store, bad)).toMatchObject({ state: "refused", error: "blob_refused" });
  expect(await stateOf(good)).toBe("sent");
  expect((await bytesOf(store, bad))?.byteLength).toBe(10);
  await store.db.outbox.clear();
  expect(await counts(store)).toMatchObject({ waiting: 1 });
});

test("one that no link carries comes last, so that the others go", async () => {
  const sick = await taken(photo(10));
  const well = await taken(photo(20));
  server.faults = [["POST", cut]];
  await carry();
  server.faults = [];
  await carry();
  expect(await stateOf(well)).toBe("sent");
  expect(await stateOf(sick)).toBe("sent");
});

test("an unexpected refusal of one leaves the rest to go on; a refusal of everybody ends the run", async () => {
  const [first, second] = [await taken(photo(10)), await taken(photo(20))];
  server.faults = [["POST", () => refuse(500, "internal")]];
  await carry();
  expect([await stateOf(first), await stateOf(second)]).toEqual(["waiting", "sent"]);
  server.asked = [];
  server.faults = [["POST", () => refuse(401, "session_required")]];
  await carry();
  expect(server.asked).toEqual(["POST"]);
});

test("a photo counts as unsent until the server has all of it, and sign-out says so", async () => {
  const sha256 = await taken(photo(10));
  expect(await counts(store)).toMatchObject({ waiting: 1 });
  await store.db.outbox.clear();
  expect(await unsentWork(store)).toMatchObject({ acts: 1 });
  await expect(signOutHere(store)).rejects.toThrow(UnsentError);
  await carry();
  expect(await stateOf(sha256)).toBe("sent");
  expect(await counts(store)).toMatchObject({ waiting: 0 });
});

test("a file that is to be sent and is not here counts as unsent no longer: it is asked for", async () => {
  const sha256 = await taken(photo(10));
  await store.db.outbox.clear();
  await store.db.bytes.clear();
  await carry();
  expect([await stateOf(sha256), (await unsentWork(store)).acts, server.asked]).toEqual(["wanted", 0, []]);
});

test("of a tab that froze in the middle of a photo another one takes over, and when it wakes it sends nothing more", async () => {
  vi.stubGlobal("navigator", { locks: new Locks() });
  const sha256 = await taken(photo(5_000));
  let wake: () => void = () => {};
  const slept = new Promise<void>((resolve) => (wake = resolve));
  const fetchThenSleep: typeof fetch = async (input, init) => {
    const answer = await server.fetch(input, init);
    if (init?.method === "PATCH") await slept;
    return answer;
  };
  const frozen = carryBlobs(store, makeHttp(() => {}, fetchThenSleep), small(500)).catch((error: unknown) => (error as Error).name);
  await vi.waitFor(() => expect(server.asked).toEqual(["POST", "PATCH"]));

  const [mine, other] = [store, await freshStore(store.person)];
  store = other;
  await carry(small(500));
  expect(server.asked).toEqual(["POST", "PATCH"]);
  const beat = JSON.parse(localStorage.getItem("baifang-blobs-beat")!) as object;
  localStorage.setItem("baifang-blobs-beat", JSON.stringify({ ...beat, at: Date.now() - 400_000 }));
  server.faults = [["PATCH", (serve) => { wake(); return serve(); }]];
  await carry(small(500));
  expect([await frozen, server.whole.get(sha256)]).toEqual(["AbortError", new Uint8Array(photo(5_000))]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  // Ten chunks, the first of the tab that froze; two announcements, of which the second told how far it had come.
  expect(server.asked.toSorted()).toEqual([...Array<string>(10).fill("PATCH"), "POST", "POST"]);
  expect(await blobOf(mine, sha256)).toMatchObject({ state: "sent", log: 7 });
});

test("nothing is sent as somebody else", async () => {
  const sha256 = await taken(photo(10));
  remember(newId());
  await carry();
  expect([server.asked, await stateOf(sha256)]).toEqual([[], "waiting"]);
});

test("when another person takes over, what was fetched goes and what is unsent stays", async () => {
  const mine = await taken(photo(10));
  await fetched(photo(30));
  await switchPerson(store);
  store = await freshStore(store.person);
  expect((await store.db.blobs.toArray()).map(({ sha256 }) => sha256)).toEqual([mine]);
  expect(await store.db.bytes.count()).toBe(1);
});

/** A colleague's photo, fetched for a row that is here. */
async function fetched(bytes: ArrayBuffer): Promise<string> {
  const sha256 = shaHex(new Uint8Array(bytes));
  server.whole.set(sha256, new Uint8Array(bytes));
  await store.db.mirror.put({ entity: "photo", pk: "p", body: "{}", rev: [1, 1], scope: "territory:t", agg: 1, digest: "", gen: 0, parent: "", at: "" });
  await wantBlob(store, { sha256, media_type: "image/jpeg", size: bytes.byteLength }, ["photo", "p"]);
  await carry();
  expect(await stateOf(sha256)).toBe("cached");
  return sha256;
}

test("a colleague's photo is fetched when asked for, and goes when its row leaves this device", async () => {
  const sha256 = await fetched(photo(30));
  expect(new Uint8Array((await bytesOf(store, sha256))!)).toEqual(new Uint8Array(photo(30)));
  await store.db.mirror.clear();
  await carry();
  expect([await stateOf(sha256), await bytesOf(store, sha256)]).toEqual([undefined, undefined]);
});

test("one that is on its way is asked for again later, one that came altered is not kept", async () => {
  const bytes = photo(30);
  const sha256 = shaHex(new Uint8Array(bytes));
  await store.db.mirror.put({ entity: "photo", pk: "p", body: "{}", rev: [1, 1], scope: "territory:t", agg: 1, digest: "", gen: 0, parent: "", at: "" });
  await wantBlob(store, { sha256, media_type: "image/jpeg", size: 30 }, ["photo", "p"]);
  await carry();
  expect(await blobOf(store, sha256)).toMatchObject({ state: "wanted", error: "blob_on_its_way" });
  server.whole.set(sha256, new Uint8Array(photo(31)));
  await carry();
  expect(await stateOf(sha256)).toBe("wanted");
  server.whole.set(sha256, new Uint8Array(bytes));
  await carry();
  expect(await stateOf(sha256)).toBe("cached");
});

test("the same picture twice is sent once", async () => {
  const first = await taken(photo(10));
  await carry();
  expect(await taken(photo(10))).toBe(first);
  server.asked = [];
  await carry();
  expect(server.asked).toEqual(["POST"]);
  expect(await stateOf(first)).toBe("sent");
});

test("a chunk grows with the link, at most twofold, and halves when it fails", () => {
  const pace = new ChunkPace();
  pace.succeeded(pace.bytes, 10);
  expect(pace.bytes).toBe(128 * 1024);
  pace.succeeded(pace.bytes, 128_000);
  expect(pace.bytes).toBe(4 * 1024);
  pace.failed();
  expect(pace.bytes).toBe(4 * 1024);
});
