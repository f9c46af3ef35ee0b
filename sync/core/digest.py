"""Digests that prove a mirror equal to the server's scope without comparing rows (SPEC 1.6, 1.7)."""

import hashlib

MODULUS = 2**128


def sha_hex(data: bytes) -> str:
    """Return the lower-case hex SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def row_digest(entity: str, pk: str, rev: tuple[int, int], body: bytes) -> int:
    """Return the 128-bit digest of a row as served: `body` is its exact canonical bytes."""
    head = f"{entity}\0{pk}\0{rev[0]}\0{rev[1]}\0{sha_hex(body)}"
    return int.from_bytes(hashlib.sha256(head.encode()).digest()[:16], "big")


def add(total: int, digest: int) -> int:
    """Return a scope's sum with one more row in it."""
    return (total + digest) % MODULUS


def subtract(total: int, digest: int) -> int:
    """Return a scope's sum with one row less in it."""
    return (total - digest) % MODULUS


def to_hex(total: int) -> str:
    """Write a sum as 32 hex digits."""
    return f"{total:032x}"


def from_hex(text: str) -> int:
    """Read a sum that `to_hex` wrote."""
    return int(text, 16)
