"""Ids for what the server itself creates."""

import os
import time

from sync.core.ids import uuid7


def new_id() -> str:
    """A UUIDv7: sorts by the millisecond of its making."""
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))
