"""Admits what a device delivers after its person's access was ended: in, never out (R3, SPEC 8.11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.auth.absent import actor_of
from server.auth.sessions import hash_token, installation_of, is_barred
from server.errors import DomainError
from server.replication import arrival, measuring
from server.replication.bulk import insert_new
from server.replication.devices import lineage_of
from server.replication.models import DrainKey, SyncDevice
from server.replication.place import Place
from server.replication.work import Item
from server.shared.actor import Actor
from sync.wire.push import PushHeader, PushReply

HEADER = "X-Baifang-Drain"


@dataclass(frozen=True, slots=True)
class Key:
    """Whose outboxes may deliver: each device id under which the key is known, with the browser that it is in."""

    token_hash: str
    person_id: str
    outboxes: Mapping[str, str]


def register(place: Place, actor: Actor, device: str, token_hash: str) -> None:
    """Take the hash of an outbox's key; raises wrong_person (403) for a key of somebody else.

    Repeating it is harmless. What the key opened before it goes on opening, and so do earlier keys of this device id:
    a copied profile has its own outbox behind the same key or the same id. Nor is an id refused that turns out to be
    another person's: its next push forks (SPEC 8.6), and by its key it may do so even when access has ended.
    """
    table = DrainKey
    with place.writing() as session:
        owners = set(session.scalars(select(table.person_id).where(table.token_hash == token_hash)))
        if owners - {actor.person_id}:
            raise DomainError("wrong_person", 403)
        session.execute(delete(table).where(table.token_hash == token_hash, table.device == device))
        _add(session, place, Key(token_hash, actor.person_id, {}), device, installation_of(session, actor))


def admit(place: Place, token: str | None) -> Key:
    """The outboxes behind a key.

    Raises drain_refused (401) for no or an unknown key, drain_not_due (403) while its person may sign in and send as
    always.
    """
    table = DrainKey
    token_hash = hash_token(token or "")
    columns = (table.person_id, table.device, table.installation)
    with place.snapshot() as session:
        found = session.execute(select(*columns).where(table.token_hash == token_hash)).all()
        if not found:
            raise DomainError("drain_refused", 401)
        if not any(is_barred(session, row.person_id, row.installation) for row in found):
            raise DomainError("drain_not_due", 403)
    return Key(token_hash, found[0].person_id, {row.device: row.installation for row in found})


def drain(place: Place, key: Key, header: PushHeader, items: Sequence[Item], enqueued_through: int) -> PushReply:
    """Receive a push under a key.

    Raises forbidden (403) for an outbox that the key is not of, outbox_destroyed (410) when an admin gave up what it
    held.
    """
    with place.snapshot() as session:
        past = _past_of(session, key, header)
        known = next((device for device in past if device in key.outboxes), None)
        if known is None:
            raise DomainError("forbidden", 403)
        if _is_destroyed(session, key.person_id, past[0]):
            raise DomainError("outbox_destroyed", 410)
        author = actor_of(session, key.person_id)
    if header.device not in key.outboxes:
        with place.writing() as session:
            _add(session, place, key, header.device, key.outboxes[known])
    reply = measuring.push(place, author, header, items, is_drained=True)
    arrival.note_waiting(place, key.person_id, header.device, enqueued_through)
    return reply


def _past_of(session: Session, key: Key, header: PushHeader) -> list[str]:
    """The last id by which the server knows an outbox, and all that it continues: a fork's own may be news."""
    table = SyncDevice
    is_known = session.scalar(select(table.device).where(table.device == header.device)) is not None
    is_new = header.parent is not None and not is_known and header.device not in key.outboxes
    last = header.parent.device if header.parent and is_new else header.device
    return [last, *(ancestor for ancestor, _ in lineage_of(session, last).ancestors)]


def _is_destroyed(session: Session, person_id: str, device: str) -> bool:
    table = SyncDevice
    mine = (table.device == device, table.person_id == person_id)
    return session.scalar(select(table.destroyed_at).where(*mine)) is not None


def _add(session: Session, place: Place, key: Key, device: str, installation: str) -> None:
    row = {"token_hash": key.token_hash, "person_id": key.person_id, "device": device, "installation": installation}
    insert_new(session, DrainKey, [row | {"created_at": place.now_ms()}])
