"""Takes deleted rows away and keeps their bare keys, so that nothing brings them back (SPEC 10.5, R22).

A row goes when nothing in it changed above the floor and no conflict about it is open; a deleted root goes only with
all that stands under it, in one transaction, for until then it could be restored whole.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, tuple_
from sqlalchemy.orm import Session

from server.replication.among import among
from server.replication.bulk import insert_all
from server.replication.log_writer import MAX_MOVED_ROWS, Change, append
from server.replication.models import ChangeLog, PurgedKey, SyncedRow
from server.replication.place import Place
from server.replication.rows import Key, Stored
from server.replication.troubles import attempt
from server.replication.unit import Unit, by_entity
from server.shared.log_lock import read_counters
from sync.core.mutation import Rev

STEP = 200
"""Rows looked at in one transaction."""

log = logging.getLogger(__name__)


def sweep(place: Place, floor: int) -> int:
    """Purge the deleted rows that rest since before the floor; returns how many rows went."""
    removed = 0
    for keys in _tombstones(place, floor):
        children = [key for key, root in keys if root != key]
        removed += attempt(place, lambda session, part=children: _purge_some(session, place, part, floor))
        for key, root in keys:
            if root == key:
                removed += attempt(place, lambda session, root=root: _purge_whole(session, place, root, floor))
    return removed


def _tombstones(place: Place, floor: int) -> Iterator[list[tuple[Key, Key]]]:
    """Deleted rows that rest, with their roots, in key order, so many at a time."""
    table = SyncedRow
    key = (table.entity, table.pk)
    after = ("", "")
    while True:
        resting = select(*key, table.root_entity, table.root_pk)
        resting = resting.where(table.deleted_by.is_not(None), tuple_(*key) > after, ~_changed(floor))
        with place.snapshot() as session:
            found = session.execute(resting.order_by(*key).limit(STEP)).all()
        if not found:
            return
        yield [((row.entity, row.pk), (row.root_entity, row.root_pk)) for row in found]
        after = (found[-1].entity, found[-1].pk)


def _changed(floor: int) -> ColumnElement[bool]:
    """Whether a row changed above the floor."""
    same_row = and_(ChangeLog.entity == SyncedRow.entity, ChangeLog.pk == SyncedRow.pk)
    return exists(select(ChangeLog.seq).where(same_row, ChangeLog.seq > floor))


def _purge_some(session: Session, place: Place, keys: Sequence[Key], floor: int) -> int:
    """Deleted rows on their own."""
    unit = _begin(session, place, keys)
    return _remove(unit, [unit.stored[key] for key in keys if _may_go(unit, key, floor)], floor)


def _purge_whole(session: Session, place: Place, root: Key, floor: int) -> int:
    """A deleted root with all that stands under it, or nothing."""
    table = SyncedRow
    under = (table.root_entity == root[0], table.root_pk == root[1])
    count = session.scalar(select(func.count()).select_from(table).where(*under)) or 0
    if count > MAX_MOVED_ROWS:
        log.warning("%s %s stays, deleted: %d rows are too many to go at once", *root, count)
        return 0
    unit = _begin(session, place, [root])
    members = [row.key for row in unit.members(root)]
    unit.load_conflicts(members)
    is_resting = session.scalar(select(table.pk).where(*under, _changed(floor)).limit(1)) is None
    if not is_resting or not _may_go(unit, root, floor) or any(unit.has_open_conflict(key) for key in members):
        return 0
    return _remove(unit, [unit.stored[key] for key in (root, *members)], floor)


def _begin(session: Session, place: Place, keys: Iterable[Key]) -> Unit:
    """Lock the rows as every writer does, roots first."""
    unit = Unit(session, place.registry, place.now_ms(), read_counters(session).epoch)
    unit.prepare(keys, ())
    return unit


def _may_go(unit: Unit, key: Key, floor: int) -> bool:
    """Whether a row is still deleted, resting and undisputed, now that it is locked."""
    row = unit.get(key)
    if row is None or row.is_live or unit.has_open_conflict(key):
        return False
    own = (SyncedRow.entity == key[0], SyncedRow.pk == key[1], _changed(floor))
    return unit.session.scalar(select(SyncedRow.pk).where(*own)) is None


def _remove(unit: Unit, rows: Sequence[Stored | None], floor: int) -> int:
    """Leave bare keys; of rows that mirrors still hold the log tells that they are deleted."""
    gone = [stored for stored in rows if stored]
    live = [stored for stored in gone if stored.row.is_live]
    session = unit.session
    insert_all(session, PurgedKey, [_bare(stored, _last_rev(unit, stored)) for stored in gone])
    for entity, pks in by_entity(stored.row.key for stored in gone):
        log_of = (ChangeLog.entity == entity, among(ChangeLog.pk, pks), ChangeLog.seq < floor)
        session.execute(delete(ChangeLog).where(*log_of))
        session.execute(delete(SyncedRow).where(SyncedRow.entity == entity, among(SyncedRow.pk, pks)))
    _project(unit, live)
    if live:
        changes = [_change(stored, _last_rev(unit, stored)) for stored in live]
        append(session, changes, str(uuid.uuid4()), unit.now_ms, is_whole=True)
    return len(gone)


def _project(unit: Unit, live: Sequence[Stored]) -> None:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for stored in live:
        groups[stored.row.key[0]].append(stored.row.key[1])
    for name, pks in groups.items():
        entity = unit.registry.get(name)
        if entity and entity.project:
            entity.project.remove(unit.session, pks)


def _last_rev(unit: Unit, stored: Stored) -> Rev:
    """Mirrors know a tombstone's revision; of a live row they must hear a later one."""
    epoch, n = stored.row.rev
    return (max(unit.epoch, epoch), n + 1) if stored.row.is_live else (epoch, n)


def _bare(stored: Stored, rev: Rev) -> dict[str, object]:
    entity, pk = stored.row.key
    return {"pk": pk, "entity": entity, "root_pk": stored.row.root[1], "epoch": rev[0], "n": rev[1]}


def _change(stored: Stored, rev: Rev) -> Change:
    row = stored.row
    return Change(row.key, rev, row.scope, row.scope, stored.digest, None)
