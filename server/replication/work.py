"""One mutation on its way: what arrived, who wrote it, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.shared.actor import Actor
from sync.core.lineage import Lineage
from sync.core.mutation import Mutation, Rev, Stamp
from sync.core.park import Park
from sync.core.record import record
from sync.core.state import Write


class Parked(Exception):  # noqa: N818  (a turn of events, not an error)
    """The running mutation cannot apply; its txn is undone and kept as it came.

    `waits_for` is the id of the parked mutation, or the pk of the missing row, that would free it.
    `copy_to` is the key of the row whose present owners also get to see it (SPEC 9.7).
    """

    def __init__(self, park: Park, waits_for: str | None = None, copy_to: tuple[str, str] | None = None):
        super().__init__(park.code)
        self.park = park
        self.waits_for = waits_for
        self.copy_to = copy_to


@record
class Item:
    """One mutation as it arrived: `line` its exact bytes; `mutation` None where `park` says why."""

    seq: int
    txn: str
    id: str
    sha: str
    line: bytes
    skew: int
    prev: str | None = None
    mutation: Mutation | None = None
    park: Park | None = None

    @property
    def is_damaged(self) -> bool:
        """Whether these are not the bytes that the device wrote, which it still has."""
        return self.park is not None and self.park.code == "sha_mismatch"


@dataclass(slots=True)
class Writing:
    """Whose mutation is being carried out; `stamp` grows with each mutation of the device (2.3).

    `scopes` are what the person may see now; None for the server's own writers, who may see all.
    """

    actor: Actor
    device: str
    lineage: Lineage
    scopes: frozenset[str] | None
    stamp: Stamp
    seq: int = 0

    @property
    def is_server(self) -> bool:
        """Whether a job, import or command writes."""
        return self.scopes is None

    def may_see(self, scope: str) -> bool:
        """Whether rows of this scope are visible to the writer."""
        return self.scopes is None or scope in self.scopes

    def write(self, mutation: Mutation, rev: Rev, agg: int) -> Write:
        """How a write of this mutation is remembered."""
        return Write(mutation.id, self.actor.person_id, self.device, self.seq, self.stamp, rev, agg)


@record
class Effect:
    """What a change did: applied or merged, and the pks of the conflicts that it opened or joined."""

    status: str
    conflicts: tuple[str, ...] = ()


@dataclass(slots=True)
class Result:
    """What became of a mutation: the receipt's content, and what its record must know."""

    item: Item
    stamp: Stamp
    status: str = "applied"
    conflicts: tuple[str, ...] = ()
    park: Park | None = None
    waits_for: str | None = None
    is_open: bool = False
    arrived: list[str] = field(default_factory=list[str])

    @property
    def is_dropped(self) -> bool:
        """Whether its content must not be kept: its subject was erased on request."""
        return self.park is not None and self.park.code == "erased"

    @property
    def outcome(self) -> Mapping[str, Any]:
        """The receipt's changing part."""
        fields = list(self.park.fields) if self.park else []
        params = self.park.params if self.park else {}
        return {"conflicts": self.conflicts, "fields": fields, "params": params}
