"""Tries again, after an update, what only an older server could not apply (SPEC 3.6, 7.5)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication import batch as batches
from server.replication import devices
from server.replication.models import MutationRecord
from server.replication.place import Place
from server.replication.troubles import attempt
from server.replication.work import Writing
from server.shared.actor import Actor, Role

CODES = ("internal", "store_raw", "unknown_schema", "unknown_entity", "unknown_field")


def replay(place: Place) -> int:
    """Replay every open txn parked for the server's own sake, each in a transaction of its own.

    Returns how many mutations applied; what still cannot stays parked with its reason of today.
    """
    table = MutationRecord
    with place.snapshot() as session:
        found = select(table.person_id, table.device, table.txn).distinct()
        found = found.where(table.is_open, table.code.in_(CODES)).order_by(table.device, table.txn)
        txns = [tuple(row) for row in session.execute(found)]
    return sum(attempt(place, lambda session, key=key: _replay(session, place, *key)) for key in txns)


def _replay(session: Session, place: Place, person: str, device_id: str, txn: str) -> int:
    device = devices.claim(session, device_id, person, None)
    if device is None:
        raise LookupError(f"device {device_id} belongs to somebody else than its mutations")
    actor = Actor(person, Role.REP, None, "en")
    scopes = batches.scopes_of(session, actor)
    now_ms = place.now_ms()
    writing = Writing(actor, device_id, device.lineage, scopes, device.stamp)
    batch = batches.begin(session, place.registry, writing, now_ms)
    applied = batches.replay_txn(batch, device_id, txn)
    batches.finish(batch, device_id, now_ms)
    return applied
