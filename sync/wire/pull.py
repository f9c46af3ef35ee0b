"""Pull: a page of what changed in this person's scopes, applied whole or not at all (SPEC 11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sync.wire.push import Status


@dataclass(frozen=True, slots=True)
class PullRequest:
    """`cursor` null asks from the start; `join` is a finished snapshot's token; `person` is whose
    mirror this is.
    """

    v: int
    device: str
    cursor: str | None
    join: str | None
    acked_through: int
    enqueued_through: int
    limit: int
    person: str | None = None


@dataclass(frozen=True, slots=True)
class PageHeader:
    """The first line. `scopes` are all granted now, null when unchanged; `grants` and `drops` are
    what this cursor begins and ends with.
    """

    v: int
    epoch: int
    reset: bool
    scopes: list[str] | None
    grants: list[str]
    drops: list[str]


@dataclass(frozen=True, slots=True)
class Upsert:
    """A row; the next line is its body's exact bytes."""

    op: Literal["upsert"]
    entity: str
    pk: str
    row_rev: tuple[int, int]
    scope: str
    agg: int


@dataclass(frozen=True, slots=True)
class Removal:
    """A row that left this person's scopes, or that was deleted.

    `erased` tells that its content was erased on a person's request, so that nothing of it may stay (R34).
    """

    op: Literal["leave", "delete"]
    entity: str
    pk: str
    row_rev: tuple[int, int]
    erased: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt of this device, as in a push's answer (push.Receipt)."""

    op: Literal["receipt"]
    seq: int
    id: str
    status: Status
    log_seq: int | None = None
    conflicts: list[str] = field(default_factory=list[str])
    code: str | None = None
    fields: list[str] = field(default_factory=list[str])
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class PageEnd:
    """The last line. `join` is the token to go on joining with, `joined` the scope now level."""

    op: Literal["end"]
    cursor: str
    seq: int
    caught_up: bool
    join: str | None
    joined: str | None
    durable_seq: int
    server_time: int
