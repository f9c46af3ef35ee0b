"""Ids for what the server itself creates: random ones in time order, and named ones that repeat."""

import os
import time
import uuid


def new_id() -> str:
    """A UUIDv7: sorts by the millisecond of its making (RFC 9562, 5.7)."""
    ms = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10))
    high, low = noise >> 68, noise & (1 << 62) - 1
    return str(uuid.UUID(int=ms << 80 | 7 << 76 | high << 64 | 2 << 62 | low))


def named_id(namespace: str, name: str) -> str:
    """A UUIDv5: the same namespace and name give the same id everywhere (R36 in sync/SPEC.md)."""
    return str(uuid.uuid5(uuid.UUID(namespace), name))
