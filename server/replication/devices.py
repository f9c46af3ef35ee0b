"""Knows every outbox: whose it is, how far it got, and which one it continues (SPEC 8.5, 8.6)."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from server.replication.bulk import insert_new, update_all
from server.replication.models import DeviceLineage, LeaveMark, MutationRecord, SyncDevice
from server.replication.work import Item
from sync.core.lineage import Lineage
from sync.core.mutation import Stamp
from sync.wire.push import Parent

NOT_STARTED = {"last_seq": 0, "last_sha": None, "stamp_ms": 0, "stamp_n": 0, "acked_through": 0}
# Built once: making a statement takes longer than running it.
CLAIMED = (
    select(*(getattr(SyncDevice, name) for name in ("person_id", *NOT_STARTED)))
    .where(SyncDevice.device == bindparam("of"))
    .with_for_update()
)
ANCESTORS = (
    select(DeviceLineage.ancestor, DeviceLineage.up_to_seq)
    .where(DeviceLineage.device == bindparam("of"))
    .order_by(DeviceLineage.ancestor)
)


@dataclass(slots=True)
class Device:
    """An outbox as the running transaction sees it; `last_sha` is None after a void."""

    id: str
    person_id: str
    last_seq: int
    last_sha: str | None
    stamp: Stamp
    acked_through: int
    lineage: Lineage

    def extend(self, ancestor: str, seq: int) -> bool:
        """Share one more seq with the device that this one forked from, if it is the next."""
        for place, (name, last) in enumerate(self.lineage.ancestors):
            if name == ancestor and seq == last + 1:
                ancestors = list(self.lineage.ancestors)
                ancestors[place] = (name, seq)
                self.lineage = Lineage(self.id, tuple(ancestors))
                return True
        return False


def claim(session: Session, device_id: str, person_id: str, parent: Parent | None) -> Device | None:
    """Lock a device's row, made now if it is new; None if it belongs to another person."""
    connection = session.connection()
    found = connection.execute(CLAIMED, {"of": device_id}).one_or_none()
    if found is None:
        insert_new(session, SyncDevice, [{"device": device_id, "person_id": person_id, **NOT_STARTED}])
        if parent and parent.device != device_id:
            _fork(session, device_id, person_id, parent)
        found = connection.execute(CLAIMED, {"of": device_id}).one()
    if found.person_id != person_id:
        return None
    stamp = (found.stamp_ms, found.stamp_n)
    place = (found.person_id, found.last_seq, found.last_sha, stamp, found.acked_through)
    return Device(device_id, *place, lineage_of(session, device_id))


def lineage_of(session: Session, device_id: str) -> Lineage:
    """A device with all its ancestors."""
    found = session.connection().execute(ANCESTORS, {"of": device_id})
    return Lineage(device_id, tuple((ancestor, seq) for ancestor, seq in found))


def save(session: Session, device: Device) -> None:
    """Write how far a device got, and what it shares with the one it forked from."""
    values = {
        "device": device.id,
        "last_seq": device.last_seq,
        "last_sha": device.last_sha,
        "stamp_ms": device.stamp[0],
        "stamp_n": device.stamp[1],
        "acked_through": device.acked_through,
    }
    update_all(session, SyncDevice, ("device",), [values])


def save_lineage(session: Session, device: Device) -> None:
    """Write an extended lineage."""
    table = DeviceLineage
    for ancestor, last in device.lineage.ancestors:
        same = (table.device == device.id, table.ancestor == ancestor)
        session.execute(update(table).where(*same).values(up_to_seq=last))


def inherit_marks(session: Session, device: Device, parent: Parent, first: Item) -> None:
    """What the parent knew of leaves its fork knows too, counted in the fork's own numbers (R26).

    `first` is the first that the fork sends: a push that brings nothing cannot tell how their numbers differ, nor does
    one that stops at a gap. Marks that are there already stay.
    """
    shared = dict(device.lineage.ancestors).get(parent.device)
    if shared is None:
        return
    shift = _shift(session, parent.device, first, shared)
    table = LeaveMark
    found = select(table.seq, table.revoked_id, table.enqueued_through).where(table.device == parent.device)
    rows = [
        {"device": device.id, "seq": seq, "revoked_id": revoked, "enqueued_through": max(0, through - shift)}
        for seq, revoked, through in session.execute(found)
    ]
    insert_new(session, table, rows)


def _fork(session: Session, device_id: str, person_id: str, parent: Parent) -> None:
    """Note the ancestors of a new device; a parent of another person, or unknown, is none."""
    table = SyncDevice
    same = (table.device == parent.device, table.person_id == person_id)
    last = session.scalar(select(table.last_seq).where(*same))
    if last is None:
        return
    lineage = lineage_of(session, parent.device).fork(device_id, min(parent.seq, last))
    rows = [{"device": device_id, "ancestor": a, "up_to_seq": s} for a, s in lineage.ancestors]
    session.execute(insert(DeviceLineage), rows)


def _shift(session: Session, parent: str, first: Item, shared: int) -> int:
    """How much higher the parent's numbers are: a fork numbers anew all that it holds, also what both share.

    Never less than 0, whatever number a fork gives to what came from its parent: that would raise the parent's marks,
    and with them what is accepted after a leave.
    """
    table = MutationRecord
    same = (table.device == parent, table.id == first.id)
    seq = session.scalar(select(table.seq).where(*same).order_by(table.seq).limit(1))
    return shared if seq is None else max(0, seq - first.seq)
