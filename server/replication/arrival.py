"""Takes in what a device reports by pulling, before the page's snapshot is taken (SPEC 11.1)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication.bulk import insert_new
from server.replication.log_reader import txn_at
from server.replication.models import LeaveMark, SyncDevice
from server.replication.place import Place
from server.replication.position import Position
from server.shared.actor import Actor
from server.shared.log_lock import raise_epoch, read_counters
from sync.wire.pull import PullRequest


def is_lost(session: Session, position: Position | None) -> bool:
    """Whether a cursor comes from a log that this one is not: the database was restored (R2)."""
    if position is None:
        return False
    epoch = read_counters(session).epoch
    return position.epoch > epoch or (position.epoch == epoch and txn_at(session, position.seq) != position.txn)


def begin_epoch(place: Place, position: Position | None) -> None:
    """Let every cursor and revision of the lost timeline be told apart from ours (SPEC 1.4, 10.3)."""
    with place.writing() as session:
        if is_lost(session, position):
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
        row = {**mark, "enqueued_through": request.enqueued_through}
        insert_new(session, LeaveMark, [row])


def _is_foreign(session: Session, device: str, actor: Actor) -> bool:
    owner = session.scalar(select(SyncDevice.person_id).where(SyncDevice.device == device))
    return owner not in (None, actor.person_id)
