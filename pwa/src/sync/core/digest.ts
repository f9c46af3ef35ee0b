/** Digests prove that a mirror equals its scope without sending the rows again (SPEC 1.6, 1.7). */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { toBytes } from "./utf8";

/** `[epoch, n]` of a row. */
export type Rev = readonly [epoch: number, n: number];

const MODULUS = 1n << 128n;

export const compareRevs = (a: Rev, b: Rev): number => a[0] - b[0] || a[1] - b[1];

export const shaHex = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** A row's digest as 32 hex digits, the form in which a mirror stores it. */
export const rowDigestHex = (entity: string, pk: string, rev: Rev, body: Uint8Array): string =>
  shaHex(toBytes([entity, pk, rev[0], rev[1], shaHex(body)].join("\0"))).slice(0, 32);

export const toNumber = (hex: string): bigint => BigInt(`0x${hex}`);

/** A row's digest, a number of 128 bits. */
export const rowDigest = (entity: string, pk: string, rev: Rev, body: Uint8Array): bigint =>
  toNumber(rowDigestHex(entity, pk, rev, body));

export const add = (total: bigint, digest: bigint): bigint => (total + digest) % MODULUS;

export const subtract = (total: bigint, digest: bigint): bigint => (total - digest + MODULUS) % MODULUS;

export const toHex = (total: bigint): string => total.toString(16).padStart(32, "0");
