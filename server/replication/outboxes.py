"""Tells an operator what each device has sent and may still hold, and lets them give the rest up (R3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from server.auth.audit import record
from server.auth.services import must_be_admin
from server.auth.sessions import is_barred
from server.errors import DomainError
from server.replication import devices
from server.replication.models import DrainKey, SyncDevice
from server.replication.place import Place
from server.shared.actor import Actor
from server.shared.clock import to_ms


@dataclass(frozen=True, slots=True)
class Outbox:
    """One outbox: the mutations that came and, as its device last said, how many did not.

    `installations` are the browsers that may drain it, none where it has no key; the last three say who gave it up,
    when (ms), and how many were not sent then.
    """

    device: str
    person_id: str
    installations: Sequence[str]
    received: int
    unsent: int
    destroyed_by: str | None
    destroyed_at: int | None
    last_known_count: int | None


def outboxes_of(session: Session, person_id: str) -> list[Outbox]:
    """Every outbox of a person, those too that never sent anything."""
    keys = _keys(session, person_id)
    found = [_outbox(row, keys.pop(row.device, ())) for row in session.scalars(_rows(person_id))]
    silent = [Outbox(device, person_id, known, 0, 0, None, None, None) for device, known in keys.items()]
    return sorted([*found, *silent], key=lambda outbox: outbox.device)


def destroyed(session: Session) -> list[Outbox]:
    """Every outbox that an admin gave up, the first one first."""
    rows = select(SyncDevice).where(SyncDevice.destroyed_at.is_not(None)).order_by(SyncDevice.destroyed_at)
    return [_outbox(row, ()) for row in session.scalars(rows)]


def destroy(place: Place, actor: Actor, person_id: str, device: str, now: datetime) -> Outbox:
    """Give up what a device still holds: it is told so when it next asks, and wipes it.

    Raises forbidden, not_found (404), or device_in_use (409) while the device may still send as always.
    """
    must_be_admin(actor)
    with place.writing() as session:
        mine = {outbox.device: outbox for outbox in outboxes_of(session, person_id)}
        outbox = mine.get(device)
        if outbox is None:
            raise DomainError("not_found", 404)
        if not all(is_barred(session, person_id, one) for one in outbox.installations or ("",)):
            raise DomainError("device_in_use", 409)
        if devices.claim(session, device, person_id, None) is None:
            raise DomainError("not_found", 404)
        values: dict[str, Any] = {
            "destroyed_by": actor.person_id,
            "destroyed_at": to_ms(now),
            "last_known_count": outbox.unsent,
        }
        session.execute(update(SyncDevice).where(SyncDevice.device == device).values(values))
        details = {"person": person_id, "last_known_count": str(outbox.unsent)}
        record(session, now, "outbox_destroyed", actor_id=actor.person_id, subject_id=device, **details)
    return replace(outbox, **values)


def _keys(session: Session, person_id: str) -> dict[str, list[str]]:
    """Where each device id may be drained; an id that another person's device has is no outbox of this one's."""
    owner = SyncDevice.person_id
    keys = select(DrainKey.device, DrainKey.installation).outerjoin(SyncDevice, SyncDevice.device == DrainKey.device)
    keys = keys.where(DrainKey.person_id == person_id, or_(owner.is_(None), owner == person_id))
    found: dict[str, list[str]] = {}
    for device, installation in session.execute(keys):
        found.setdefault(device, []).append(installation)
    return found


def _rows(person_id: str):
    return select(SyncDevice).where(SyncDevice.person_id == person_id)


def _outbox(row: SyncDevice, installations: Sequence[str]) -> Outbox:
    unsent = max(0, row.enqueued_through - row.last_seq)
    ended = (row.destroyed_by, row.destroyed_at, row.last_known_count)
    return Outbox(row.device, row.person_id, installations, row.last_seq, unsent, *ended)


def sentences(outboxes: Sequence[Outbox]) -> list[str]:
    """What is told of given-up outboxes beside what is damaged."""
    return [
        f"Outbox {one.device} of {one.person_id} was given up by {one.destroyed_by} at {one.destroyed_at} (ms), "
        f"with {one.last_known_count} changes not sent as far as was known."
        for one in outboxes
    ]
