"""Erases a subject's content for good: rows, history, conflicts, what is parked; bare keys stay (R34).

A subject is one row or, for a root, its whole aggregate. The key is noted first, in a transaction of its own: from
then on whatever arrives for it is dropped. Then everything is taken out in bounded transactions, each harmless to
repeat, so that a killed erasure is taken up where it stopped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.auth.audit import record as audit
from server.replication import batch as batches
from server.replication import conflicts, parking
from server.replication.blobs.naming import let_go_of
from server.replication.bulk import insert_new, update_all
from server.replication.erased import erased_id
from server.replication.models import ErasedKey, MutationRecord
from server.replication.place import Place
from server.replication.rows import Key, Row
from server.replication.server_writer import NAMESPACE
from server.replication.tracing import Record, Trace, purged_under, trace
from server.replication.troubles import attempt
from server.replication.unit import SYSTEM, Unit
from server.replication.work import Writing
from server.shared.actor import OPERATOR
from sync.core.conflict import supersede
from sync.core.ids import uuid5
from sync.core.lineage import Lineage
from sync.core.state import RowState, Write

SELF = uuid5(NAMESPACE, "erasure")
ROWS_AT_ONCE = 100
RECORDS_AT_ONCE = 500
NOTHING = '{"conflicts":[],"fields":[],"params":{}}'


class Erasure(NamedTuple):
    """A line of the erase list: a row, the subject by which it was erased, when (ms since 1970), and by whom."""

    entity: str
    pk: str
    subject: str
    at: int
    by_id: str

    @property
    def is_own(self) -> bool:
        """Whether a request named this very row."""
        return self.pk == self.subject


COLUMNS = [getattr(ErasedKey, name) for name in Erasure._fields]


def erase(place: Place, request: Erasure) -> Trace:
    """Carry out one request, all of it; returns what it took away. Harmless to repeat."""
    attempt(place, lambda session: _note(session, place, request))
    first: Trace | None = None
    while not (found := _trace(place, request)).is_empty:
        first = first or found
        attempt(place, lambda session, found=found: _let_blobs_go(session, found))
        for start in range(0, len(found.rows), ROWS_AT_ONCE):
            keys = found.rows[start : start + ROWS_AT_ONCE]
            attempt(place, lambda session, keys=keys: _redact_rows(session, place, request, keys))
        for start in range(0, len(found.records), RECORDS_AT_ONCE):
            records = found.records[start : start + RECORDS_AT_ONCE]
            attempt(place, lambda session, records=records: _redact_records(session, place, records))
    attempt(place, lambda session: _finish(session, place, request))
    if place.chunks:
        place.chunks.clear()
    return first or found


def _let_blobs_go(session: Session, found: Trace) -> None:
    let_go_of(session, found.rows, [(one.device, one.seq) for one in found.records])


def adopt(place: Place, listed: Iterable[Erasure]) -> int:
    """Erase what a list names and this database has not, as after a restore; returns how many subjects that were."""
    with place.snapshot() as session:
        known, undone = set(erasures(session)), set(unfinished(session))
    news = [one for one in listed if one not in known]
    keys = [one._asdict() | {"is_done": True} for one in news if not one.is_own]
    attempt(place, lambda session: insert_new(session, ErasedKey, keys))
    requests = [one for one in {*news, *undone} if one.is_own]
    for request in sorted(requests, key=lambda one: one.at):
        erase(place, request)
    return len(requests)


def erasures(session: Session) -> list[Erasure]:
    """The whole list, in the order in which it grew."""
    return [Erasure(*row) for row in session.execute(select(*COLUMNS).order_by(ErasedKey.at, ErasedKey.pk))]


def unfinished(session: Session) -> list[Erasure]:
    """The requests that were noted and, when the server was killed, not carried out to the end."""
    return [Erasure(*row) for row in session.execute(select(*COLUMNS).where(ErasedKey.is_done.is_(False)))]


def _trace(place: Place, request: Erasure) -> Trace:
    with place.snapshot() as session:
        return trace(session, place.registry, (request.entity, request.pk))


def _note(session: Session, place: Place, request: Erasure) -> None:
    """Under the lock of its aggregate: who writes it now comes before, who comes later is told."""
    _begin(session, place).unit.prepare([(request.entity, request.pk)], ())
    if session.get(ErasedKey, (request.pk, request.entity)):
        return
    session.add(ErasedKey(**request._asdict(), is_done=False))
    at = datetime.fromtimestamp(request.at / 1000, UTC)
    audit(session, at, "erased", actor_id=request.by_id, subject_id=request.pk, entity=request.entity)


def _finish(session: Session, place: Place, request: Erasure) -> None:
    """What features remember goes even where there never was a row, or is none any more."""
    purged = purged_under(session, request.pk)
    _forget(session, place, [(request.entity, request.pk), *purged])
    listed = [Erasure(*key, request.subject, request.at, request.by_id)._asdict() for key in purged]
    insert_new(session, ErasedKey, [one | {"is_done": True} for one in listed])
    session.execute(update(ErasedKey).where(ErasedKey.pk == request.pk).values(is_done=True))


def _begin(session: Session, place: Place) -> batches.Batch:
    now_ms = place.now_ms()
    writing = Writing(OPERATOR, SELF, Lineage(SELF), None, (now_ms, 0))
    return batches.begin(session, place.registry, writing, now_ms)


def _forget(session: Session, place: Place, keys: Sequence[Key]) -> None:
    for forget in place.registry.forget:
        forget(session, keys)


# Rows


def _redact_rows(session: Session, place: Place, request: Erasure, keys: Sequence[Key]) -> None:
    batch = _begin(session, place)
    unit = batch.unit
    unit.prepare(keys, ())
    rows = [row for key in keys if (row := unit.get(key))]
    gone = [row.key for row in rows if _redact(unit, batch.writing, request, row)]
    unit.keep()
    _forget(session, place, gone)
    listed = [Erasure(*key, request.subject, request.at, request.by_id)._asdict() for key in gone]
    insert_new(session, ErasedKey, [one | {"is_done": True} for one in listed])
    batches.finish(batch, SELF, place.now_ms())


def _redact(unit: Unit, writing: Writing, request: Erasure, row: Row) -> bool:
    """Take the content out of one row; True when that ends it for good."""
    if row.key[0] == parking.PARKED:
        told = parking.without_content(row.state.fields)
        conflicts.put_plain(unit, writing, row.key, row.root, row.scope, told)
        return False
    if row.key[0] == conflicts.CONFLICT and row.state.fields:
        if _is_of_another(row, request):
            _withdraw(unit, writing, request, row)
            return False
        _close(unit, row)
    _hide(unit, writing, row)
    return True


def _is_of_another(row: Row, request: Erasure) -> bool:
    """Whether the conflict is the root's, over a delete, and the subject only one of those under it."""
    return request.pk not in (row.state.fields["row_pk"], row.root[1])


def _withdraw(unit: Unit, writing: Writing, request: Erasure, row: Row) -> None:
    """Take the subject's values out of a delete's conflict; without any left there is nothing to decide."""
    told = conflicts.whole(row)
    told["candidates"] = [one for one in told["candidates"] if one["value"]["pk"] != request.pk]
    if told["state"] == "open" and not told["candidates"]:
        _close(unit, row)
        told = supersede(told)
    conflicts.put_plain(unit, writing, row.key, row.root, row.scope, told)


def _close(unit: Unit, row: Row) -> None:
    fields = row.state.fields
    about = (fields["entity"], fields["row_pk"])
    unit.load_conflicts([about])
    if unit.open_conflict(about, fields["group"]) == row.key[1]:
        unit.conflicts[about, fields["group"]] = None


def _hide(unit: Unit, writing: Writing, row: Row) -> None:
    """A tombstone that remembers neither values nor who wrote them, in a revision of its own."""
    agg = row.state.agg if row.key[0] in SYSTEM else unit.next_agg(row.root)
    counted = unit.get(row.key) or row
    rev = (max(unit.epoch, row.rev[0]), row.rev[1] + 1)
    person, stamp = writing.actor.person_id, writing.stamp
    end = Write(erased_id(row.key[1]), person, writing.device, writing.seq, stamp, rev, agg)
    state = RowState(rev, agg, {}, {}, end, {}, end)
    unit.put(replace(counted, state=state, writer=(writing.device, writing.seq)))


# History


def _redact_records(session: Session, place: Place, records: Sequence[Record]) -> None:
    """What arrived stays known by id, seq and sha, and a device that asks again is told to keep nothing.

    What waited for it is its author's to decide (7.3).
    """
    batch = _begin(session, place)
    unit = batch.unit
    ids = {one.id for one in records}
    for one in records:
        held = unit.parking.find(one.id) if one.is_open else None
        if held:
            unit.parking.held[held.id] = replace(held, is_open=False, waits_for=None)
            unit.parking.take_waiting([held.id])
            for waiting in unit.parking.waiting(held.id):
                if waiting.id not in ids:
                    parking.point(unit, batch.writing, waiting, None, code="blocker_dismissed")
    unit.keep()
    plain = {"line": None, "outcome": NOTHING, "code": parking.ERASED.code}
    applied = [{"device": one.device, "seq": one.seq, **plain} for one in records if not one.is_parked]
    ended = {**plain, "is_open": False, "waits_for": None}
    parked = [{"device": one.device, "seq": one.seq, **ended} for one in records if one.is_parked]
    for rows in (applied, parked):
        update_all(session, MutationRecord, ("device", "seq"), rows)
    batches.finish(batch, SELF, place.now_ms())
