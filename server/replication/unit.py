"""The unit of work: every row of one transaction, loaded and locked once, changed in memory (R11, R24).

Roots are locked first, then rows, both in (entity, pk) order. A root's lock covers its whole aggregate,
since every writer of a child takes it. Changes of a txn are a draft until `keep`; `drop` forgets them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import MappingResult, Select, bindparam, select
from sqlalchemy.orm import Session

from server.replication.among import among, many
from server.replication.erased import Erasures
from server.replication.held import Parking
from server.replication.layer import Layer
from server.replication.models import OpenConflict, PurgedKey, SyncedRow
from server.replication.rows import COLUMNS, Key, Row, Stored, read_row
from server.shared.registry import Fields, Registry

CHUNK = 500
SYSTEM = ("conflict", "conflict_receipt", "parked")
"""Rows of replication's own: not counted in an aggregate, and no conflict is opened on them."""

# Built once: making a statement takes longer than running it.
_SAME = (SyncedRow.entity == bindparam("of"), among(SyncedRow.pk, many("pks")))
ROWS = select(*COLUMNS).where(*_SAME).order_by(SyncedRow.pk)
LOCKED = ROWS.with_for_update(key_share=True)
ROOTS = select(SyncedRow.entity, SyncedRow.pk, SyncedRow.root_entity, SyncedRow.root_pk).where(*_SAME)
CONFLICTS = select(OpenConflict.row_pk, OpenConflict.group, OpenConflict.conflict_pk).where(
    OpenConflict.entity == bindparam("of"), among(OpenConflict.row_pk, many("pks"))
)
PURGED = select(PurgedKey.entity, PurgedKey.pk).where(among(PurgedKey.pk, many("pks")))


class Unit:
    """One transaction's rows; also the `Lookup` that features' hooks read through."""

    def __init__(self, session: Session, registry: Registry, now_ms: int, epoch: int):
        self.session = session
        self.registry = registry
        self.now_ms = now_ms
        self.epoch = epoch
        self.stored: dict[Key, Stored | None] = {}
        self.rows: Layer[Key, Row] = Layer()
        self.conflicts: Layer[tuple[Key, str], str | None] = Layer()
        self.stored_conflicts: dict[tuple[Key, str], str] = {}
        self.parking = Parking(session)
        self.erasures = Erasures(session, registry)
        self._peeked: dict[Key, Row | None] = {}
        self._with_conflicts: set[Key] = set()
        self._purged: dict[Key, bool] = {}

    # Loading

    def prepare(self, keys: Iterable[Key], references: Iterable[Key]) -> None:
        """Lock these rows and their roots, and read the rows that they refer to."""
        wanted = set(keys)
        found = [row for part in by_entity(wanted) for row in self._run(ROOTS, part)]
        roots: set[Key] = {(row["root_entity"], row["root_pk"]) for row in found}
        self.lock(roots)
        self.lock(wanted - roots)
        self.load_conflicts(wanted)
        self._peek(key for key in references if key not in self.stored)
        self._look_for_purged(key for key in wanted | set(references) if self.peek(key) is None)

    def lock(self, keys: Iterable[Key]) -> None:
        """Load rows for change; those that do not exist are remembered as missing."""
        missing = {key for key in keys if key not in self.stored}
        if not missing:
            return
        self.stored.update(dict.fromkeys(missing))
        for part in by_entity(missing):
            for record in self._run(LOCKED, part):
                self.remember(read_row(record))

    def remember(self, stored: Stored) -> None:
        """Take in a row that was read under its root's lock."""
        self.stored[stored.row.key] = stored

    def load_conflicts(self, keys: Iterable[Key]) -> None:
        """Find the open conflicts of some rows, and lock those too."""
        missing = set(keys) - self._with_conflicts
        if not missing:
            return
        self._with_conflicts |= missing
        connection = self.session.connection()
        for entity, pks in by_entity(missing):
            for row_pk, group, conflict_pk in connection.execute(CONFLICTS, {"of": entity, "pks": pks}).all():
                self.stored_conflicts[(entity, row_pk), group] = conflict_pk
                self.conflicts.kept[(entity, row_pk), group] = conflict_pk
        self.lock(("conflict", pk) for pk in self.stored_conflicts.values())

    def _peek(self, keys: Iterable[Key]) -> None:
        missing = {key for key in keys if key not in self._peeked}
        self._peeked.update(dict.fromkeys(missing))
        for part in by_entity(missing):
            for record in self._run(ROWS, part):
                row = read_row(record).row
                self._peeked[row.key] = row

    def _look_for_purged(self, keys: Iterable[Key]) -> None:
        missing = {key for key in keys if key not in self._purged}
        if missing:
            found = self.session.connection().execute(PURGED, {"pks": [pk for _, pk in missing]})
            purged = {(entity, pk) for entity, pk in found}
            self._purged.update({key: key in purged for key in missing})

    def _run(self, statement: Select[*tuple[Any, ...]], part: tuple[str, Sequence[str]]) -> MappingResult:
        return self.session.connection().execute(statement, {"of": part[0], "pks": part[1]}).mappings()

    # Reading

    def get(self, key: Key) -> Row | None:
        """A row to change; locks it if the batch did not foresee it."""
        row = self.rows.get(key)
        if row is not None:
            return row
        if key not in self.stored:
            self.lock([key])
        stored = self.stored[key]
        return stored.row if stored else None

    def peek(self, key: Key) -> Row | None:
        """A row to look at only."""
        if key in self.rows or key in self.stored:
            return self.get(key)
        if key not in self._peeked:
            self._peek([key])
        return self._peeked[key]

    def is_purged(self, key: Key) -> bool:
        """Whether a row was there once and the clean-up took it away: it never comes back (R22)."""
        if self.peek(key) is not None:
            return False
        self._look_for_purged([key])
        return self._purged[key]

    def row(self, entity: str, pk: str) -> Fields | None:
        """For hooks: a live row's values."""
        found = self.peek((entity, pk))
        return found.state.fields if found and found.is_live else None

    def children(self, entity: str, root_pk: str) -> Sequence[Fields]:
        """For hooks: the live rows of one kind under a root."""
        spec = self.registry.entities[entity].spec
        root = (spec.root.entity if spec.root else entity, root_pk)
        rows = sorted(self.members(root, entity), key=lambda row: row.key)
        return [row.state.fields for row in rows if row.is_live]

    def members(self, root: Key, entity: str | None = None, above_agg: int = -1) -> list[Row]:
        """The rows under a root, it not among them; under its lock they need none of their own."""
        table = SyncedRow
        found = select(*COLUMNS).where(table.root_entity == root[0], table.root_pk == root[1])
        if entity:
            found = found.where(table.entity == entity)
        for record in self.session.execute(found.where(table.agg > above_agg)).mappings():
            if (record["entity"], record["pk"]) not in self.stored:
                self.remember(read_row(record))
        return [
            row for row in self._under(root) if (entity is None or row.key[0] == entity) and row.state.agg > above_agg
        ]

    def _under(self, root: Key) -> Iterator[Row]:
        for key in sorted({*self.stored, *self.rows}):  # so that the log's order does not hang on a hash
            row = self.get(key)
            if row and row.root == root and key != root:
                yield row

    def has_conflicts(self, key: Key) -> bool:
        """Whether a row may have open conflicts; False is certain."""
        if key not in self._with_conflicts:
            self.load_conflicts([key])
        return not self.conflicts.is_empty

    def has_open_conflict(self, key: Key) -> bool:
        """Whether a conflict about a row is open."""
        self.load_conflicts([key])
        return any(about == key for about, _ in self.stored_conflicts)

    def open_conflict(self, key: Key, group: str) -> str | None:
        """The pk of a row group's open conflict."""
        if key not in self._with_conflicts:
            self.load_conflicts([key])
        return self.conflicts.get((key, group))

    # Changing

    def put(self, row: Row) -> None:
        """Change a row in the running txn's draft."""
        self.rows[row.key] = row

    def next_agg(self, root: Key) -> int:
        """Count one more write of an aggregate whose root exists; 1 where it is being created."""
        row = self.get(root)
        if row is None:
            return 1
        self.put(Row(row.key, row.root, row.scope, row.state, row.agg_head + 1, row.writer))
        return row.agg_head + 1

    def keep(self) -> None:
        """The running txn stands."""
        self.rows.keep()
        self.conflicts.keep()
        self.parking.keep()

    def drop(self) -> None:
        """The running txn parks: nothing of it remains."""
        self.rows.drop()
        self.conflicts.drop()
        self.parking.drop()


def by_entity(keys: Iterable[Key]) -> Iterator[tuple[str, Sequence[str]]]:
    """Keys in (entity, pk) order, in parts that one statement can hold."""
    for entity, group in groupby(sorted(keys), key=lambda key: key[0]):
        pks = [pk for _, pk in group]
        for start in range(0, len(pks), CHUNK):
            yield entity, pks[start : start + CHUNK]
