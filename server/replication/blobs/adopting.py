"""Lets who adopts somebody's parked mutation show the files that its author proved to have (SPEC 18.6).

The author names them, the adopter writes the row: without the author's proof nobody would see what it shows.
An adoption and a proof look for each other. Of two that are about to commit neither would see the other, so an
adoption lets no proof be written beside it.
"""

from collections.abc import Iterator

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.replication.among import among
from server.replication.blobs.models import BlobProof
from server.replication.blobs.naming import named_in
from server.replication.bulk import insert_new
from server.replication.held import Held
from server.replication.models import MutationRecord, SyncedRow
from server.replication.parking import PARKED
from server.shared.db import is_sqlite
from server.shared.scope import person_scope

TURN = 0xADA97
"""The number of the lock that PostgreSQL keeps for us; SQLite has one writer at a time anyway."""


def pass_on(session: Session, adopted: Held, person: str) -> None:
    """What the author has proved by now. Before the log's lock, after all other locks (R11)."""
    if adopted.person_id == person or not adopted.line:
        return
    _wait_for_turn(session, is_alone=True)
    named = among(BlobProof.sha256, named_in([adopted.line]))
    proven = session.scalars(select(BlobProof.sha256).where(BlobProof.person_id == adopted.person_id, named)).all()
    insert_new(session, BlobProof, [{"sha256": sha, "person_id": person} for sha in proven])


def prove(session: Session, sha: str, author: str) -> None:
    """Note that somebody held these bytes, for themselves and for who has adopted what they sent.

    The turn comes before the note, which an adoption by the same person might be about to write: each would wait for
    the other. Before the log's lock (R11).
    """
    _wait_for_turn(session, is_alone=False)
    row = SyncedRow
    own = (row.entity == PARKED, row.scope == person_scope(author), row.deleted_by.is_(None))
    told = [msgspec.json.decode(body) for body in session.scalars(select(row.body).where(*own)) if sha.encode() in body]
    ended = [fields["mutation_id"] for fields in told if fields["state"] == "superseded"]
    people = {person for mutation_id in ended for person in _adopters(session, mutation_id)}
    insert_new(session, BlobProof, [{"sha256": sha, "person_id": person} for person in sorted({author, *people})])


def _wait_for_turn(session: Session, *, is_alone: bool) -> None:
    """Until the commit: many may prove at once, who adopts is alone. What the others wrote is seen from here on."""
    if not is_sqlite(session):
        turn = func.pg_advisory_xact_lock if is_alone else func.pg_advisory_xact_lock_shared
        session.execute(select(turn(TURN)))


def _adopters(session: Session, mutation_id: str) -> Iterator[str]:
    """Whoever sent a mutation in the place of this one, and in the place of that."""
    table = MutationRecord
    columns = (table.person_id, table.is_open, table.waits_for)
    while found := session.execute(select(*columns).where(table.id == mutation_id, table.is_original)).one_or_none():
        yield found.person_id
        if found.is_open or not found.waits_for:
            return
        mutation_id = found.waits_for
