"""How the server itself writes rows: through the same merge as every device (SPEC 3.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from flask import current_app

from server.shared.actor import Actor

Rev = tuple[int, int]


@dataclass(frozen=True)
class Change:
    """One mutation of a job, an import or a command.

    `seen_rev` is the revision of the row on which the change was decided (None only for create), as
    `Writer.read` gave it; `base` carries the base text of `text` fields. `patch` may hold server
    fields too. An `id` given by the caller (a UUIDv5, say) makes repeating it harmless.
    """

    entity: str
    pk: str
    op: str
    patch: Mapping[str, Any]
    seen_rev: Rev | None = None
    base: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: Sequence[str] = ()
    id: str | None = None


@dataclass(frozen=True)
class Seen:
    """A row as it stands; a deleted one keeps its values."""

    fields: Mapping[str, Any]
    rev: Rev
    scope: str
    root_pk: str
    is_deleted: bool


@dataclass(frozen=True)
class Written:
    """What became of one change: status applied, merged, duplicate or parked (then with a code)."""

    id: str
    status: str
    log_seq: int
    conflicts: tuple[str, ...] = ()
    code: str | None = None
    fields: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Writer(Protocol):
    """Bound to replication by `app.py`. It opens its own transactions: hold none open."""

    def submit(
        self,
        actor: Actor,
        changes: Sequence[Change],
        plan_id: str | None = None,
        writer: str = "system",
    ) -> list[Written]:
        """Write the changes as one transaction, all or nothing: one that parks parks them all.

        `writer` names the lineage (one per job or command): writes of one writer never conflict
        with each other. At most 1,000 log rows, besides 20,000 that move with their root (R25):
        a larger one raises TransactionTooLargeError and writes nothing.
        """
        ...

    def read(self, entity: str, pks: Sequence[str]) -> dict[str, Seen]:
        """The rows that exist among these, by pk, deleted ones too."""
        ...

    def members(self, entity: str, root_pk: str) -> dict[tuple[str, str], Seen]:
        """The rows under a root of that entity, by entity and pk, deleted ones too; not the root itself."""
        ...


class TransactionTooLargeError(Exception):
    """More than 1,000 log rows in one transaction: split the plan (SPEC 9.4)."""


KEY = "baifang.writer"


def current_writer() -> Writer:
    """The running app's writer; only endpoints and commands call it."""
    return cast("Writer", current_app.extensions[KEY])
