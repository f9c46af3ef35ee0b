"""Takes in what a device reports of itself, before anything is done for it (SPEC 8.8, 10.3, 11.1)."""

import logging

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from server.errors import REFUSED_BY_DATABASE, DomainError
from server.replication.bulk import insert_new
from server.replication.granted import proof
from server.replication.log_reader import was_there
from server.replication.models import LeaveMark, SyncDevice
from server.replication.place import Place
from server.replication.position import Position, open_position
from server.shared import metrics
from server.shared.actor import Actor
from server.shared.log_lock import Counters, raise_epoch, read_counters
from server.shared.scope import grants_of
from sync.wire.pull import PullRequest

log = logging.getLogger(__name__)
# Built once: making a statement takes longer than running it.
WAITING = select(SyncDevice.last_seq, SyncDevice.enqueued_through).where(
    SyncDevice.device == bindparam("of"), SyncDevice.person_id == bindparam("person")
)


def refuse_stranger(actor: Actor, person: str | None) -> None:
    """Raise wrong_person (403) for an outbox or mirror of somebody else than who is signed in."""
    if person not in (None, actor.person_id):
        raise DomainError("wrong_person", 403)


def is_lost(session: Session, position: Position | None, counters: Counters) -> bool:
    """Whether a cursor comes from a log that this one is not: the database was restored (R2).

    A cursor of an earlier epoch is answered with a reset anyway.
    """
    if position is None or position.epoch < counters.epoch:
        return False
    return _is_absent(session, position, counters)


def _is_absent(session: Session, position: Position, counters: Counters) -> bool:
    """Whether the log, or the person's grants, are not those that the cursor has seen."""
    if position.epoch > counters.epoch:
        return True
    if not was_there(session, position.seq, position.txn, counters.floor_seq):
        return True
    return proof(grants_of(session, position.person), position.grant, position.revoked) != position.grants


def written_over(place: Place, actor: Actor, cursor: str | None) -> Position | None:
    """The mirror that a push was written over; a cursor that cannot be read tells nothing, and holds up nothing."""
    try:
        return open_position(cursor, place.key, actor.person_id) if cursor else None
    except DomainError as problem:
        if problem.code != "bad_cursor":
            raise
        return None


def has_lost_timeline(place: Place, position: Position | None) -> bool:
    """Whether a push was written over a mirror of a lost timeline; begins an epoch if it is news."""
    if position is None:
        return False
    with place.snapshot() as session:
        counters = read_counters(session)
        is_absent, is_news = _is_absent(session, position, counters), is_lost(session, position, counters)
    if is_news:
        begin_epoch(place, position)
    return is_absent


def begin_epoch(place: Place, position: Position | None) -> None:
    """Let every cursor and revision of the lost timeline be told apart from ours (SPEC 1.4, 10.3)."""
    with place.writing() as session:
        if is_lost(session, position, read_counters(session)):
            above = position.epoch + 1 if position else 0
            raise_epoch(session, max(above, place.now_ms() // 1000))


def note_leaves(place: Place, actor: Actor, request: PullRequest, position: Position) -> None:
    """Keep how much the device had enqueued when it learned of leaves or drops (SPEC 9.6)."""
    if not position.has_left:
        return
    mark = {"device": request.device, "seq": position.seq, "revoked_id": position.revoked}
    with place.snapshot() as session:
        if session.get(LeaveMark, mark) or _is_foreign(session, request.device, actor):
            return
    with place.writing() as session:
        mark_leaves(session, request.device, position, request.enqueued_through)


def note_waiting(place: Place, person: str, device: str, through: int) -> None:
    """Keep how much a device had written when that is more than has come: what would be lost with it (R3).

    A number for operators only: a database that cannot be written just now must not keep a page from its device.
    """
    table = SyncDevice
    mine = (table.device == device, table.person_id == person)
    known = place.glance(WAITING, {"of": device, "person": person})
    if not known or through <= max(known[0]):
        return
    try:
        with place.writing() as session:
            session.execute(update(table).where(*mine).values(enqueued_through=through))
    except REFUSED_BY_DATABASE as refusal:
        metrics.UNNOTED.inc()
        log.warning("how much device %s still holds was not noted: %s", device, refusal.orig)


def mark_leaves(session: Session, device: str, position: Position, through: int) -> None:
    """Note once that a device had enqueued up to `through` when it came to a position that told of leaves."""
    row = {"device": device, "seq": position.seq, "revoked_id": position.revoked, "enqueued_through": through}
    insert_new(session, LeaveMark, [row])


def _is_foreign(session: Session, device: str, actor: Actor) -> bool:
    owner = session.scalar(select(SyncDevice.person_id).where(SyncDevice.device == device))
    return owner not in (None, actor.person_id)
