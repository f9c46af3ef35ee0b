"""Snapshot: one scope's rows in chunks that can be resumed (SPEC 12). Rows are pull.Upsert."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """The query string; without a token it begins."""

    scope: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class ChunkHeader:
    """The first line; `seq` is the log position at which this chunk was read."""

    v: int
    epoch: int
    scope: str
    seq: int


@dataclass(frozen=True, slots=True)
class ChunkEnd:
    """The last line; `token` asks for the next chunk, or when `done` joins the scope to the log."""

    op: Literal["end"]
    token: str
    done: bool
    seq: int
