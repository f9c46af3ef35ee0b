"""The parked mutations that a transaction may have to do with, and what becomes of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from server.replication.among import among, many
from server.replication.layer import Layer
from server.replication.models import MutationRecord


@dataclass(frozen=True, slots=True)
class Held:
    """A parked mutation as dependants see it; `waits_for` is an id or the pk of a missing row."""

    id: str
    device: str
    seq: int
    txn: str
    person_id: str
    entity: str | None
    pk: str | None
    op: str | None
    code: str | None
    waits_for: str | None
    is_open: bool
    stamp_ms: int
    stamp_n: int
    sha: str
    line: bytes | None


# Built once. Locked, so that two transactions never free the same mutation.
HELD = select(*(getattr(MutationRecord, name) for name in Held.__dataclass_fields__)).with_for_update()
CREATING = HELD.where(MutationRecord.is_open, MutationRecord.op == "create", among(MutationRecord.pk, many("pks")))
WAITING = HELD.where(MutationRecord.is_open, among(MutationRecord.waits_for, many("names")))
OF_TXN = HELD.where(
    MutationRecord.is_open, MutationRecord.device == bindparam("of"), MutationRecord.txn == bindparam("of_txn")
)
PARKED = HELD.where(
    MutationRecord.is_original, MutationRecord.status == "parked", among(MutationRecord.id, many("ids"))
)


class Parking:
    """The parked mutations that a batch may depend on, known by id and by the row they create.

    `adopters` are those who sent something in the place of one, by its id.
    """

    def __init__(self, session: Session):
        self.session = session
        self.held: Layer[str, Held] = Layer()
        self.stored: dict[str, Held] = {}
        self.adopters: Layer[str, str] = Layer()

    def prepare(self, ids: Iterable[str], pks: Iterable[str]) -> None:
        """Load what the batch names: mutations by id, and parked creates by the pk of their row."""
        self.take(PARKED, {"ids": list(ids)})
        self.take(CREATING, {"pks": list(pks)})

    def keep(self) -> None:
        """The running txn stands."""
        self.held.keep()
        self.adopters.keep()

    def drop(self) -> None:
        """The running txn parks."""
        self.held.drop()
        self.adopters.drop()

    def waiting(self, name: str) -> list[Held]:
        """The open ones, of those loaded, that wait for a mutation or a row."""
        if self.held.is_empty:
            return []
        return [held for key in self.held if (held := self.held[key]).is_open and held.waits_for == name]

    def take(self, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> list[Held]:
        """Run a statement that begins with HELD, and remember what it finds unless it is known already."""
        found = [Held(*row) for row in self.session.connection().execute(statement, values)]
        for held in found:
            if held.id not in self.held:
                self.held.kept[held.id] = self.stored[held.id] = held
        return [self.held[held.id] for held in found]

    def take_waiting(self, names: Iterable[str]) -> None:
        """Load the open ones that wait for these mutations or rows."""
        self.take(WAITING, {"names": list(names)})

    def find(self, mutation_id: str) -> Held | None:
        """A parked mutation, loaded if need be."""
        if mutation_id not in self.held:
            self.prepare([mutation_id], [])
        return self.held.get(mutation_id)

    def creator_of(self, pk: str) -> Held | None:
        """The open parked mutation that would create a row."""
        for key in self.held:
            held = self.held[key]
            if held.is_open and held.op == "create" and held.pk == pk:
                return held
        return None

    def blocking(self, mutation_id: str) -> Held | None:
        """The open parked mutation under this id, or the one that was sent in its place."""
        held = self.held.get(mutation_id)
        if held and not held.is_open and held.waits_for:
            held = self.held.get(held.waits_for)
        return held if held and held.is_open else None
