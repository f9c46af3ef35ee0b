"""Keeps the store tidy and sound: what nothing names for 200 days goes; what should be there is looked at (R35).

A sweep is many small transactions: whoever completes a blob waits for its row with the log's lock in hand (R11). A
blob is marked first, then its bytes go, then its row: a killed sweep leaves nothing that the next one does not find.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from server.replication.among import among
from server.replication.blobs.models import Blob, BlobPart, BlobProof, BlobReference, BlobUpload
from server.replication.blobs.naming import CHUNK, GOING, LET_GO, find_named, parts
from server.replication.blobs.shelf import STRAY_MS, UNNAMED_MS, UPLOAD_MS, Shelf
from server.replication.blobs.store import BlobStore, MissingBytesError
from server.replication.blobs.uploads import forget
from server.replication.models import SyncedRow
from server.replication.troubles import attempt
from server.shared.log_lock import read_counters


@dataclass(frozen=True)
class Swept:
    """How many blobs, unfinished uploads and files without a blob went."""

    blobs: int
    uploads: int
    files: int


def sweep(shelf: Shelf) -> Swept:
    """Let go of what nothing named and nobody sent for 200 days; safe while the server serves, and to kill."""
    now = shelf.place.now_ms()
    blobs = _sweep_blobs(shelf, Blob.kept_at >= LET_GO, Blob.kept_at < now - UNNAMED_MS)
    return Swept(blobs, _sweep_uploads(shelf, now), _sweep_files(shelf, now))


def sweep_let_go(shelf: Shelf) -> int:
    """Take only what erasures let go of, as after one that was killed; returns how many. Cheap when there is none."""
    is_let_go = Blob.kept_at == LET_GO
    return _sweep_blobs(shelf, is_let_go, is_let_go)


def _sweep_blobs(shelf: Shelf, is_asked: ColumnElement[bool], is_old: ColumnElement[bool]) -> int:
    """Whatever of those asked about is named is kept, and what is old even so goes."""
    for part in parts(sorted(_keep_named(shelf, is_asked, is_old))):
        attempt(shelf.place, lambda session, part=part: _mark(session, part, is_old))
    gone = 0
    while marked := _marked(shelf):
        for _, key in marked:
            shelf.store.delete(key)
        gone += attempt(shelf.place, lambda session, marked=marked: _remove(session, marked))
    return gone


def _keep_named(shelf: Shelf, is_asked: ColumnElement[bool], is_old: ColumnElement[bool]) -> set[str]:
    """Returns what was old and named nowhere: what is let go of from now on is for the next sweep."""
    now = shelf.place.now_ms()
    with shelf.place.snapshot() as session:
        old = set(session.scalars(select(Blob.sha256).where(is_asked, is_old)))
        named = find_named(session, set(session.scalars(select(Blob.sha256).where(is_asked))))
    for part in parts(sorted(named)):
        attempt(shelf.place, lambda session, part=part: _keep(session, part, now))
    return old - named


def _keep(session: Session, shas: Iterable[str], now: int) -> None:
    is_here = (among(Blob.sha256, shas), Blob.kept_at >= LET_GO)
    session.execute(update(Blob).where(*is_here).values(kept_at=now))


def _mark(session: Session, shas: Iterable[str], is_old: ColumnElement[bool]) -> None:
    """From here on it is unknown to everybody, and comes again only by being sent again."""
    row, reference = SyncedRow, BlobReference
    same = (row.entity == reference.entity, row.pk == reference.pk, reference.sha256 == Blob.sha256)
    may_go = (among(Blob.sha256, shas), is_old, ~exists().where(*same))
    session.execute(update(Blob).where(*may_go).values(kept_at=GOING))


def _marked(shelf: Shelf) -> list[tuple[str, str]]:
    with shelf.place.snapshot() as session:
        found = select(Blob.sha256, Blob.key).where(Blob.kept_at == GOING).order_by(Blob.sha256).limit(CHUNK)
        return [(sha, key) for sha, key in session.execute(found)]


def _remove(session: Session, marked: Iterable[tuple[str, str]]) -> int:
    """Rows without bytes; one that was sent again meanwhile stays, under its other key."""
    keys = among(Blob.key, [key for _, key in marked])
    gone = session.scalars(delete(Blob).where(keys, Blob.kept_at == GOING).returning(Blob.sha256)).all()
    session.execute(delete(BlobProof).where(among(BlobProof.sha256, gone)))
    return len(gone)


def _sweep_uploads(shelf: Shelf, now: int) -> int:
    ended = 0
    while found := attempt(shelf.place, lambda session: _forget_some(session, now)):
        for key in found[1]:
            shelf.store.delete(key)
        ended += found[0]
    return ended


def _forget_some(session: Session, now: int) -> tuple[int, list[str]] | None:
    """Uploads that stood still: how many, and the keys of their chunks; None when there is none left."""
    old = select(BlobUpload.id).where(BlobUpload.touched_at < now - UPLOAD_MS).order_by(BlobUpload.id).limit(CHUNK)
    ended = session.scalars(old.with_for_update()).all()
    return (len(ended), forget(session, ended)) if ended else None


def _sweep_files(shelf: Shelf, now: int) -> int:
    """Files that no row knows: left by a killed server or by a timeline that a restore ended.

    Their names are drawn anew for each upload: whoever still holds those bytes sends them again. What an ended
    timeline left counts from the beginning of this one, which its epoch tells (SPEC 1.4). A database that came back
    in another way than by our restore has its former epoch until a device that knows more asks: until then nothing
    here tells that it is new, so its operator stops the sweeps meanwhile (docs/operations.md).
    """
    with shelf.place.snapshot() as session:
        known = {*session.scalars(select(Blob.key)), *session.scalars(select(BlobPart.key))}
        began_at = read_counters(session).epoch * 1000
    old = now - STRAY_MS
    listed = shelf.store.listing() if began_at < old else ()
    lost = [key for key, written_at in listed if key not in known and written_at < old]
    for key in lost:
        shelf.store.delete(key)
    return len(lost)


def find_damage(session: Session, store: BlobStore) -> Iterator[str]:
    """A sentence for each blob whose bytes are not there, or are others."""
    kept = select(Blob.sha256, Blob.key).where(Blob.kept_at > GOING)
    for sha, key in session.execute(kept.order_by(Blob.sha256)):
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
