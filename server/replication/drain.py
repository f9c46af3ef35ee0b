"""Admits what a device delivers after its person's access was ended: in, never out (R3, SPEC 8.11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.auth.sessions import hash_token, installation_of, is_barred
from server.errors import DomainError
from server.replication import arrival, measuring
from server.replication.devices import lineage_of
from server.replication.models import DrainKey, SyncDevice
from server.replication.place import Place
from server.replication.work import Item
from server.shared.actor import Actor, Role
from sync.wire.push import PushHeader, PushReply

HEADER = "X-Baifang-Drain"


@dataclass(frozen=True, slots=True)
class Key:
    """Whose outbox may deliver."""

    token_hash: str
    person_id: str
    device: str


def register(place: Place, actor: Actor, device: str, token_hash: str) -> None:
    """Take the hash of an outbox's key, in the place of an earlier one; raises wrong_person (403).

    Repeating it is harmless; a key goes with its outbox to a new device id.
    """
    table = DrainKey
    with place.writing() as session:
        owner = session.scalar(select(table.person_id).where(table.token_hash == token_hash))
        if owner not in (None, actor.person_id):
            raise DomainError("wrong_person", 403)
        same = (table.person_id == actor.person_id) & (table.device == device)
        session.execute(delete(table).where(same | (table.token_hash == token_hash)))
        row = {"token_hash": token_hash, "person_id": actor.person_id, "device": device, "created_at": place.now_ms()}
        session.add(table(**row, installation=installation_of(session, actor)))


def admit(place: Place, token: str | None) -> Key:
    """The outbox behind a key.

    Raises drain_refused (401) for no or an unknown key, drain_not_due (403) while its person may sign in and send as
    always, outbox_destroyed (410) when an admin gave up what it held.
    """
    table = DrainKey
    columns = (table.token_hash, table.person_id, table.device, table.installation)
    with place.snapshot() as session:
        found = session.execute(select(*columns).where(table.token_hash == hash_token(token or ""))).one_or_none()
        if found is None:
            raise DomainError("drain_refused", 401)
        if not is_barred(session, found.person_id, found.installation):
            raise DomainError("drain_not_due", 403)
        if session.scalar(select(SyncDevice.destroyed_at).where(SyncDevice.device == found.device)) is not None:
            raise DomainError("outbox_destroyed", 410)
    return Key(found.token_hash, found.person_id, found.device)


def drain(place: Place, key: Key, header: PushHeader, items: Sequence[Item], enqueued_through: int) -> PushReply:
    """Receive a push under a key; raises forbidden (403) for an outbox that the key is not of."""
    with place.snapshot() as session:
        if not _is_same(session, key.device, header):
            raise DomainError("forbidden", 403)
    if header.device != key.device:
        _follow(place, key, header.device)
    author = Actor(key.person_id, Role.REP, None, "en")
    reply = measuring.push(place, author, header, items, is_drained=True)
    arrival.note_waiting(place, key.person_id, header.device, enqueued_through)
    return reply


def _is_same(session: Session, device: str, header: PushHeader) -> bool:
    """Whether a push is of this outbox, also under the id that it took when it forked."""
    if header.device == device:
        return True
    is_known = session.scalar(select(SyncDevice.device).where(SyncDevice.device == header.device)) is not None
    last = header.device if is_known else header.parent.device if header.parent else ""
    return last == device or device in [ancestor for ancestor, _ in lineage_of(session, last).ancestors]


def _follow(place: Place, key: Key, device: str) -> None:
    table = DrainKey
    with place.writing() as session:
        session.execute(update(table).where(table.token_hash == key.token_hash).values(device=device))
