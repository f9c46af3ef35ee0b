"""Finds where blobs are named, by looking at bytes and not at declarations, so that no place is forgotten."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from server.replication.among import among
from server.replication.blobs.models import Blob
from server.replication.models import MutationRecord, SyncedRow

CHUNK = 500
T = TypeVar("T")
LET_GO = 0
"""As `kept_at`: an erasure took away what named it, and it goes unless something else does."""
GOING = -1
"""As `kept_at`: nothing brings it back; its bytes go first, its row when they are gone."""
ROW, RECORD = (SyncedRow.entity, SyncedRow.pk), (MutationRecord.device, MutationRecord.seq)
SHA = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def named_in(texts: Iterable[bytes]) -> set[str]:
    """Whatever in these bytes could be the name of a blob."""
    return {sha.decode() for text in texts for sha in SHA.findall(text)}


def find_named(session: Session, wanted: set[str]) -> set[str]:
    """Those whose name stands anywhere: in a row, deleted, conflict and parked ones too, or in the history."""
    named: set[str] = set()
    if wanted:
        for texts in _every_text(session):
            named |= named_in(texts) & wanted
    return named


def let_go(session: Session, shas: Iterable[str]) -> None:
    """These blobs go with the next sweep, unless something names them still (R34)."""
    for part in parts(sorted(shas)):
        is_here = (among(Blob.sha256, part), Blob.kept_at > LET_GO)
        session.execute(update(Blob).where(*is_here).values(kept_at=LET_GO))


def let_go_of(session: Session, rows: Sequence[tuple[str, str]], records: Sequence[tuple[str, int]]) -> None:
    """What these rows and records name is let go of."""
    texts: list[bytes] = []
    for key, column, keys in ((ROW, SyncedRow.body, rows), (RECORD, MutationRecord.line, records)):
        for part in parts(keys):
            texts += [text for text in session.scalars(select(column).where(tuple_(*key).in_(part))) if text]
    let_go(session, named_in(texts))


def find_leaving(session: Session) -> set[str]:
    """The blobs that are as good as gone: their bytes are neither backed up nor brought back."""
    going = session.scalars(select(Blob.sha256).where(Blob.kept_at < LET_GO)).all()
    released = set(session.scalars(select(Blob.sha256).where(Blob.kept_at == LET_GO)))
    return {*going, *(released - find_named(session, released))}


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many at a time that a statement stays small."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _every_text(session: Session) -> Iterator[list[bytes]]:
    for key, column in ((ROW, SyncedRow.body), (RECORD, MutationRecord.line)):
        found = select(*key, column).order_by(*key).limit(CHUNK)
        rows = session.execute(found).all()
        while rows:
            yield [text for row in rows if (text := row[2]) is not None]
            rows = session.execute(found.where(tuple_(*key) > tuple(rows[-1][:2]))).all()
