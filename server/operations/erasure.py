"""Erases a person's data on request: what an operator, or later an API, may ask for (R34).

The list outside the database is written before anything is erased, so that no moment leaves an erasure that a
restore would undo; the files are written anew afterwards, so that nothing of it stays in freed pages.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.auth.services import must_be_admin
from server.errors import DomainError
from server.operations.erase_list import EraseList
from server.operations.facts import migration_of
from server.operations.store import store_of
from server.replication.erasing import Erasure, adopt, erase, erasures
from server.replication.models import ErasedKey, PurgedKey, SyncedRow
from server.replication.place import Place
from server.replication.rows import Key
from server.replication.tracing import Trace, references, trace
from server.shared import migrate
from server.shared.actor import Actor
from server.shared.clock import to_ms
from server.shared.registry import Registry


@dataclass(frozen=True)
class Outlook:
    """What an erasure would take away: rows by kind, mutations; and the live rows that name the subject and stay."""

    rows: Counter[str]
    mutations: int
    references: Sequence[Key]


@dataclass(frozen=True)
class Done:
    """What an erasure took away; `is_compact` is False while the database's files may still hold traces of it."""

    rows: Counter[str]
    mutations: int
    is_compact: bool


def people(registry: Registry) -> list[str]:
    """The kinds of rows that are, or may be, people."""
    return sorted(entity.spec.name for entity in registry if entity.is_person)


def look(place: Place, actor: Actor, subject: Key) -> Outlook:
    """Say what erasing a subject would do, and do nothing; raises forbidden (403), not_found (404)."""
    must_be_admin(actor)
    with place.snapshot() as session:
        _must_be_known(session, place.registry, subject)
        found = trace(session, place.registry, subject)
        named = references(session, place.registry, subject, found.rows)
    return Outlook(_kinds(found), len(found.records), named)


def erase_subject(place: Place, listing: EraseList, actor: Actor, subject: Key, now: datetime) -> Done:
    """Erase a subject for good; harmless to repeat. Raises forbidden (403), not_found (404)."""
    must_be_admin(actor)
    with place.snapshot() as session:
        _must_be_known(session, place.registry, subject)
        first = next((one for one in erasures(session) if (one.entity, one.pk) == subject), None)
    request = first or Erasure(*subject, subject[1], to_ms(now), actor.person_id)
    listing.add([request])
    found = erase(place, request)
    is_compact = store_of(place.engine).compact()
    _write_down(place, listing)
    return Done(_kinds(found), len(found.records), is_compact)


def keep_erased(place: Place, listing: EraseList) -> int:
    """Let the list and the database say the same; returns how many subjects were erased (again).

    A database that came back without `baifang restore`, or a killed erasure, is put right before anybody is served.
    """
    done = adopt(place, listing.read())
    if done:
        store_of(place.engine).compact()
    _write_down(place, listing)
    return done


def erase_again(copy: Engine, registry: Registry, now: datetime, listed: Iterable[Erasure]) -> int:
    """Take out of a restored copy whatever was erased, before it is served; returns how many subjects."""
    done = adopt(Place(copy, registry, b"", lambda: to_ms(now)), listed)
    if done:
        store_of(copy).compact()
    return done


def listed_in(engine: Engine) -> list[Erasure]:
    """What a database's own table says, of whatever release it is."""
    with Session(engine) as session:
        return erasures(session) if is_of_this_release(engine) else []


def is_of_this_release(engine: Engine) -> bool:
    """Whether the database is there and stands on this release's migration."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return False
    with engine.connect() as connection:
        return migration_of(connection) == migrate.revisions()[0]


def compare(engine: Engine, listing: EraseList) -> list[str]:
    """A sentence for each way in which the list and the database differ."""
    held, listed = ({(one.entity, one.pk) for one in side} for side in (listed_in(engine), listing.read()))
    lacking = {
        f"{listing.path} lacks {{n}} erased rows that the database knows: run `baifang erased`.": held - listed,
        f"{{n}} rows in {listing.path} are not erased in the database: run `baifang erased`.": listed - held,
    }
    return [sentence.format(n=len(keys)) for sentence, keys in lacking.items() if keys]


def _must_be_known(session: Session, registry: Registry, subject: Key) -> None:
    """As a row, by the bare key that a clean-up left of it, or by an earlier request."""
    entity, pk = subject
    key = {"entity": entity, "pk": pk}
    is_there = any(session.get(table, key) for table in (SyncedRow, PurgedKey, ErasedKey))
    if entity not in people(registry) or not is_there:
        raise DomainError("not_found", 404)


def _kinds(found: Trace) -> Counter[str]:
    return Counter(entity for entity, _ in found.rows)


def _write_down(place: Place, listing: EraseList) -> None:
    with place.snapshot() as session:
        known = erasures(session)
    listing.add(known)
