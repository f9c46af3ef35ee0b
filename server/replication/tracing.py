"""Finds everything that holds a subject's content, by its key: rows, records of what arrived, what refers to it (R34).

Nothing but keys is looked for. A name that somebody typed into a note about something else has no key and is not found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session

from server.replication.among import among
from server.replication.conflicts import CONFLICT, RECEIPT
from server.replication.erased import contents_of, erased_id
from server.replication.models import MutationRecord, PurgedKey, SyncedRow
from server.replication.parking import ERASED, PARKED, copy_key
from server.replication.rows import Key
from server.shared.db import is_sqlite
from server.shared.registry import Registry
from sync.core.mutation import MutationError, decode

CHUNK = 500
TOLD = f'"code":"{ERASED.code}"'.encode()


@dataclass(frozen=True)
class Record:
    """One mutation that arrived and whose bytes are still there."""

    device: str
    seq: int
    id: str
    is_parked: bool
    is_open: bool


@dataclass(frozen=True)
class Trace:
    """What still holds content of a subject: keys of rows, the subject's own first, and records."""

    rows: Sequence[Key]
    records: Sequence[Record]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self.rows and not self.records


def trace(session: Session, registry: Registry, subject: Key) -> Trace:
    """Everything of a subject that is not erased yet."""
    has_all = is_root(registry, subject)
    own = list(_own(session, subject, has_all=has_all))
    told = dict(_about(session, subject, has_all=has_all))
    about = [key for key in told if key not in set(own)]
    ended = [key for key, is_whole in told.items() if is_whole]
    purged = purged_under(session, subject[1]) if has_all else []
    records = list(_records(session, registry, subject, [subject, *own, *ended, *purged]))
    raw = [key for one in records if one.is_parked for key in ((PARKED, one.id), copy_key(one.id))]
    known = {*own, *about}
    unread = [key for key in _stored(session, raw) if key not in known]
    return Trace([*own, *about, *unread], records)


def is_root(registry: Registry, subject: Key) -> bool:
    """Whether rows stand under a subject, which go with it."""
    entity = registry.get(subject[0])
    return entity is not None and entity.spec.root is None


def purged_under(session: Session, root_pk: str) -> list[Key]:
    """What stood under a root until the clean-up took it away: of these rows only the history is left."""
    table = PurgedKey
    found = select(table.entity, table.pk).where(table.root_pk == root_pk, table.pk != root_pk)
    return [(entity, pk) for entity, pk in session.execute(found)]


def references(session: Session, registry: Registry, subject: Key, gone: Iterable[Key]) -> list[Key]:
    """The live rows, besides those that go, that name a subject in a field made for it; they stay as they are."""
    kinds = [entity.spec.name for entity in registry if subject[0] in entity.spec.references.values()]
    named = _contains(session, SyncedRow.body, f'"{subject[1]}"')
    found = select(SyncedRow.entity, SyncedRow.pk).where(SyncedRow.entity.in_(kinds), named)
    rows = session.execute(found.where(SyncedRow.deleted_by.is_(None)).order_by(SyncedRow.entity, SyncedRow.pk))
    leaving = {subject, *gone}
    return [key for entity, pk in rows if (key := (entity, pk)) not in leaving]


def _own(session: Session, subject: Key, *, has_all: bool) -> Iterator[Key]:
    """The subject's row, and for a root all that stands under it."""
    table = SyncedRow
    same = (table.entity == subject[0], table.pk == subject[1])
    under = (table.root_entity == subject[0], table.root_pk == subject[1])
    columns = (table.entity, table.pk, table.deleted_by, table.body)
    for entity, pk, deleted_by, body in session.execute(select(*columns).where(*same)):
        if not _is_redacted(entity, pk, deleted_by, body):
            yield entity, pk
    if not has_all:
        return
    for entity, pk, deleted_by, body in session.execute(select(*columns).where(*under, table.pk != subject[1])):
        if not _is_redacted(entity, pk, deleted_by, body):
            yield entity, pk


def _about(session: Session, subject: Key, *, has_all: bool) -> Iterator[tuple[Key, bool]]:
    """Replication's own rows that hold values of it, and whether they hold nothing else.

    Bodies are canonical JSON, so that a key is found as it is written.
    """
    table, pk = SyncedRow, subject[1]
    names = ("row_pk", "pk", "customer_id") if has_all else ("row_pk", "pk")
    named = or_(*(_contains(session, table.body, f'"{name}":"{pk}"') for name in names))
    columns = (table.entity, table.pk, table.deleted_by, table.body)
    mine = (table.entity.in_((CONFLICT, RECEIPT, PARKED)), named)
    for entity, row_pk, deleted_by, body in session.execute(select(*columns).where(*mine)):
        if not _is_redacted(entity, row_pk, deleted_by, body):
            is_another = entity == CONFLICT and not has_all and f'"row_pk":"{pk}"'.encode() not in body
            yield (entity, row_pk), not is_another


def _is_redacted(entity: str, pk: str, deleted_by: str | None, body: bytes) -> bool:
    return TOLD in body if entity == PARKED else deleted_by == erased_id(pk)


def _records(session: Session, registry: Registry, subject: Key, keys: Iterable[Key]) -> Iterator[Record]:
    """What arrived for these keys, and what its bytes alone tell: of a row of the root that is not there, or unread."""
    table = MutationRecord
    columns = (table.device, table.seq, table.id, table.status, table.is_open, table.line)
    here = select(*columns).where(table.line.is_not(None))
    seen: set[tuple[str, int]] = set()
    for row in session.execute(here.where(_contains(session, table.line, subject[1]))):
        if subject[1] in _named(registry, row.line):
            seen.add((row.device, row.seq))
            yield _record(row)
    pks = sorted({pk for entity, pk in keys if entity != PARKED})
    for start in range(0, len(pks), CHUNK):
        for row in session.execute(here.where(among(table.pk, pks[start : start + CHUNK]))):
            if (row.device, row.seq) not in seen and contents_of(registry, _read(row.line), row.line):
                yield _record(row)


def _named(registry: Registry, line: bytes) -> frozenset[str]:
    return contents_of(registry, _read(line), line)


def _read(line: bytes):
    try:
        return decode(line)
    except MutationError:
        return None


def _record(row: Any) -> Record:
    return Record(row.device, row.seq, row.id, row.status == "parked", row.is_open)


def _stored(session: Session, keys: Sequence[Key]) -> Iterator[Key]:
    """Those of these parked rows that are there, and hold anything."""
    table = SyncedRow
    for start in range(0, len(keys), CHUNK):
        pks = [pk for _, pk in keys[start : start + CHUNK]]
        found = select(table.pk, table.body).where(table.entity == PARKED, among(table.pk, pks))
        for pk, body in session.execute(found):
            if not _is_redacted(PARKED, pk, None, body):
                yield PARKED, pk


def _contains(session: Session, column: Any, text: str) -> ColumnElement[bool]:
    """Whether bytes hold a text."""
    words = literal(text.encode())
    if is_sqlite(session):
        return func.instr(column, words) > 0
    return func.pg_catalog.position(column, words) > 0
