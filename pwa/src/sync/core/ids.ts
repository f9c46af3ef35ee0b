/** Ids are made on the device, so that a row has its name before any server has seen it (SPEC 1.3). */
import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { toBytes } from "./utf8";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a value is a lower-case hyphenated UUID of version 5 or 7. */
export const isUuid = (text: unknown): text is string => typeof text === "string" && UUID.test(text);

/** Marks 16 bytes with their version and the RFC 9562 variant, and writes them with hyphens. */
function uuid(bytes: Uint8Array, version: number): string {
  const marked = Uint8Array.from(bytes);
  marked[6] = (version << 4) | (marked[6]! & 0x0f);
  marked[8] = 0x80 | (marked[8]! & 0x3f);
  return bytesToHex(marked).replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A version 7 id from ms since 1970 UTC and 10 random bytes. */
export function uuid7(ms: number, random: Uint8Array): string {
  if (random.length !== 10 || !(Number.isInteger(ms) && ms >= 0 && ms < 2 ** 48)) {
    throw new RangeError("uuid7 takes 48 bits of milliseconds and 10 random bytes");
  }
  return uuid(concatBytes(hexToBytes(ms.toString(16).padStart(12, "0")), random), 7);
}

/** A version 5 id: the same for the same namespace (an id) and name on every machine. */
export const uuid5 = (namespace: string, name: string): string =>
  uuid(sha1(concatBytes(hexToBytes(namespace.replaceAll("-", "")), toBytes(name))).slice(0, 16), 5);
