"""Push: mutations go up, receipts come down (SPEC 8). The envelope is frozen for all time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

MAX_MUTATIONS: Final = 500
MAX_BYTES: Final = 1024 * 1024
"""Of a push, inflated."""

Status = Literal["applied", "merged", "duplicate", "parked"]


@dataclass(frozen=True, slots=True)
class Parent:
    """The device that this one forked from, and the last seq that both share."""

    device: str
    seq: int


@dataclass(frozen=True, slots=True)
class PushHeader:
    """The first line. `now` is the wall clock in ms; `void` the seqs, both ends included, that
    will never be sent; `store_raw` parks without looking inside. `person` is whose outbox this is,
    `cursor` that of the mirror it was written over, by which a server notices that it was restored since.
    """

    v: int
    device: str
    now: int
    acked_through: int
    parent: Parent | None = None
    void: tuple[int, int] | None = None
    store_raw: bool = False
    person: str | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class EnvelopeLine:
    """What travels around a mutation's bytes; the next line is those bytes."""

    seq: int
    txn: str
    id: str
    sha: str
    prev: str | None = None
    skew: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one mutation; `conflicts` are pks, `code` and `fields` say why it parked."""

    seq: int
    id: str
    status: Status
    log_seq: int | None = None
    conflicts: list[str] = field(default_factory=list[str])
    code: str | None = None
    fields: list[str] = field(default_factory=list[str])
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Fork:
    """The device's history split at `seq`; `last_equal_seq` is the last one known to be shared."""

    seq: int
    last_equal_seq: int | None


@dataclass(frozen=True, slots=True)
class PushReply:
    """The answer; `expected_seq` marks a gap, `server_time` is in ms."""

    v: int
    epoch: int
    receipts: list[Receipt]
    expected_seq: int | None
    fork: Fork | None
    server_time: int
    durable_seq: int
