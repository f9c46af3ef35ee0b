"""Keeps the store tidy and sound: what nothing names for 200 days goes; what should be there is looked at (R35)."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import delete, exists, select, tuple_, update
from sqlalchemy.orm import Session

from server.replication.blobs.models import Blob, BlobPart, BlobProof, BlobReference, BlobUpload
from server.replication.blobs.shelf import UNNAMED_MS, UPLOAD_MS, Shelf
from server.replication.blobs.store import BlobStore, MissingBytesError
from server.replication.blobs.uploads import forget
from server.replication.bulk import among
from server.replication.models import MutationRecord, SyncedRow

CHUNK = 500
T = TypeVar("T")
ROW, RECORD = (SyncedRow.entity, SyncedRow.pk), (MutationRecord.device, MutationRecord.seq)
SHA = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True)
class Swept:
    """How many blobs, unfinished uploads and files without a blob went."""

    blobs: int
    uploads: int
    files: int


def sweep(shelf: Shelf) -> Swept:
    """Let go of what nothing named and nobody sent for 200 days; safe while the server serves."""
    now = shelf.place.now_ms()
    with shelf.place.snapshot() as session:
        named = find_named(session)
    with shelf.place.writing() as session:
        for part in _parts(sorted(named)):
            session.execute(update(Blob).where(among(session, Blob.sha256, part)).values(kept_at=now))
        row, reference = SyncedRow, BlobReference
        same = (row.entity == reference.entity, row.pk == reference.pk, reference.sha256 == Blob.sha256)
        is_old = (Blob.kept_at < now - UNNAMED_MS, ~exists().where(*same))
        gone = session.execute(delete(Blob).where(*is_old).returning(Blob.sha256, Blob.key)).all()
        for part in _parts([sha for sha, _ in gone]):
            session.execute(delete(BlobProof).where(among(session, BlobProof.sha256, part)))
        ended = session.scalars(select(BlobUpload.id).where(BlobUpload.touched_at < now - UPLOAD_MS)).all()
        parts = forget(session, ended)
    for key in [*(key for _, key in gone), *parts]:
        shelf.store.delete(key)
    return Swept(len(gone), len(ended), _sweep_files(shelf, now))


def let_go(session: Session, rows: Sequence[tuple[str, str]], records: Sequence[tuple[str, int]]) -> None:
    """What these rows and records name goes with the next sweep, unless others name it, too (R34)."""
    texts: list[bytes] = []
    for key, column, keys in ((ROW, SyncedRow.body, rows), (RECORD, MutationRecord.line, records)):
        for part in _parts(list(keys)):
            texts += [text for text in session.scalars(select(column).where(tuple_(*key).in_(part))) if text]
    for part in _parts(sorted({sha.decode() for text in texts for sha in SHA.findall(text)})):
        session.execute(update(Blob).where(among(session, Blob.sha256, part)).values(kept_at=0))


def find_named(session: Session) -> set[str]:
    """Every known blob whose name stands anywhere: in a row, deleted, conflict and parked ones too, or in the history.

    It looks at the bytes and not at declarations, so that no place where a name can stand is forgotten.
    """
    known = set(session.scalars(select(Blob.sha256)))
    named: set[str] = set()
    for text in _every_text(session):
        named.update(sha for match in SHA.findall(text) if (sha := match.decode()) in known)
    return named


def _every_text(session: Session) -> Iterator[bytes]:
    for key, column in ((ROW, SyncedRow.body), (RECORD, MutationRecord.line)):
        found = select(*key, column).order_by(*key).limit(CHUNK)
        rows = session.execute(found).all()
        while rows:
            yield from (text for row in rows if (text := row[2]) is not None)
            rows = session.execute(found.where(tuple_(*key) > tuple(rows[-1][:2]))).all()


def _sweep_files(shelf: Shelf, now: int) -> int:
    """Files that no row knows: left by a killed server or by a timeline that a restore ended."""
    with shelf.place.snapshot() as session:
        known = {*session.scalars(select(Blob.key)), *session.scalars(select(BlobPart.key))}
    lost = [key for key, written_at in shelf.store.listing() if key not in known and written_at < now - UNNAMED_MS]
    for key in lost:
        shelf.store.delete(key)
    return len(lost)


def find_damage(session: Session, store: BlobStore) -> Iterator[str]:
    """A sentence for each blob whose bytes are not there, or are others."""
    for sha, key in session.execute(select(Blob.sha256, Blob.key).order_by(Blob.sha256)):
        try:
            if digest_of(store, key) != sha:
                yield f"The bytes of blob {sha} are not those that were sent."
        except MissingBytesError:
            yield f"The bytes of blob {sha} are missing: {key}."


def digest_of(store: BlobStore, key: str) -> str:
    """The hex SHA-256 of what lies under a key; raises MissingBytesError."""
    digest = hashlib.sha256()
    for piece in store.read(key):
        digest.update(piece)
    return digest.hexdigest()


def _parts(values: list[T]) -> Iterator[list[T]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
