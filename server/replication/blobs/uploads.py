"""Receives blobs chunk by chunk: what arrived stays, and the whole is checked before it counts (SPEC 18)."""

import errno
import hashlib
from collections.abc import Iterable, Iterator
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.errors import RETRY_SECONDS, DomainError
from server.replication.blobs.adopting import prove
from server.replication.blobs.kinds import HEAD, KINDS, is_kind
from server.replication.blobs.models import Blob, BlobPart, BlobProof, BlobUpload
from server.replication.blobs.naming import LET_GO
from server.replication.blobs.references import is_sha, is_shown
from server.replication.blobs.shelf import MAX_CHUNK, MOST_UPLOADS, UPLOAD_MS, Shelf
from server.replication.blobs.store import MissingBytesError
from server.replication.bulk import insert_new
from server.replication.due import settle
from server.shared.actor import Actor
from server.shared.db import is_sqlite
from server.shared.ids import new_id
from server.shared.log_lock import advance
from sync.wire.blob import BlobReply, BlobRequest
from sync.wire.version import VERSION

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def begin(shelf: Shelf, actor: Actor, asked: BlobRequest) -> BlobReply:
    """Begin an upload, or go on with one; complete at once when it is here and this person may know it.

    Raises wrong_person (403), upload_gone (404), bad_envelope (400), blob_too_large (413), blob_refused (415).
    """
    _refuse_unfit(shelf, actor, asked)
    settle(shelf.place)
    reply = _begun(shelf, actor, asked) or _begun(shelf, actor, asked)
    if reply is None:
        raise DomainError("upload_gone", 404)
    return reply


def _begun(shelf: Shelf, actor: Actor, asked: BlobRequest) -> BlobReply | None:
    """None when another tab has finished it meanwhile, which a second look finds."""
    now = shelf.place.now_ms()
    key, is_whole = _looked_at(shelf, asked.sha256, actor)
    with shelf.place.writing() as session:
        reply = _known(session, actor, asked, key, now) if is_whole else None
        dropped = [] if reply else _forget_old(session, actor, asked, now)
        reply = reply or _taken(session, actor, asked, now)
    _delete(shelf, dropped)
    return reply


def _refuse_unfit(shelf: Shelf, actor: Actor, asked: BlobRequest) -> None:
    if asked.person not in (None, actor.person_id):
        raise DomainError("wrong_person", 403)
    if not is_sha(asked.sha256) or asked.size < 1:
        raise DomainError("bad_envelope", 400, {"reason": "sha256 and size"})
    if asked.size > shelf.max_bytes:
        raise DomainError("blob_too_large", 413, {"max_bytes": shelf.max_bytes})
    if asked.media_type not in KINDS:
        raise DomainError("blob_refused", 415, {"media_type": asked.media_type})


def _looked_at(shelf: Shelf, sha: str, actor: Actor | None = None) -> tuple[str, bool]:
    """The key of a blob, "" when there is none, and whether all of its bytes are here.

    Asked before a lock is taken, since the store may be far away; what it says is true of this key alone. With an
    actor only of what they may know: else how long it takes would tell them more.
    """
    with shelf.place.snapshot() as session:
        may_know = [_may_know(session, sha, actor)] if actor else []
        found = session.execute(select(Blob.key, Blob.size).where(Blob.sha256 == sha, *may_know)).one_or_none()
    return (found.key, shelf.store.size(found.key) == found.size) if found else ("", False)


def _may_know(session: Session, sha: str, actor: Actor) -> ColumnElement[bool]:
    """Whether this person sent it before or may see it."""
    proof = BlobProof
    has_sent = select(proof.sha256).where(proof.sha256 == sha, proof.person_id == actor.person_id).exists()
    return or_(has_sent, is_shown(session, sha, actor.person_id))


def _known(session: Session, actor: Actor, asked: BlobRequest, key: str, now: int) -> BlobReply | None:
    """Complete, when this person may know it; everybody else sends it in full (R35).

    One whose bytes are gone, or let go of, is sent again: whoever still holds it heals that.
    """
    same = (Blob.sha256 == asked.sha256, Blob.key == key, Blob.kept_at > LET_GO)
    log_seq = session.scalar(select(Blob.log_seq).where(*same, _may_know(session, asked.sha256, actor)))
    if log_seq is None or not _count(session.execute(update(Blob).where(*same).values(kept_at=now))):
        return None  # swept or let go of since it was looked at
    prove(session, asked.sha256, actor.person_id)
    return _complete(asked.size, log_seq)


def _forget_old(session: Session, actor: Actor, asked: BlobRequest, now: int) -> list[str]:
    """Forget uploads that ended long ago, this person's oldest beyond the limit, and one that says otherwise."""
    table = BlobUpload
    newest = select(table.id).where(table.person_id == actor.person_id).order_by(table.touched_at.desc())
    surplus = session.scalars(newest.offset(MOST_UPLOADS - 1)).all()
    differs = or_(table.size != asked.size, table.media_type != asked.media_type)
    same = and_(table.sha256 == asked.sha256, table.person_id == actor.person_id)
    is_old = or_(table.touched_at < now - UPLOAD_MS, table.id.in_(surplus), and_(same, differs))
    is_wanted = and_(same, ~differs, table.touched_at >= now - UPLOAD_MS)
    return forget(session, session.scalars(select(table.id).where(is_old, ~is_wanted)).all())


def forget(session: Session, uploads: Iterable[str]) -> list[str]:
    """Forget uploads and their chunks; returns the keys to delete once that is committed."""
    ids = list(uploads)
    keys = session.scalars(select(BlobPart.key).where(BlobPart.upload_id.in_(ids))).all()
    session.execute(delete(BlobPart).where(BlobPart.upload_id.in_(ids)))
    session.execute(delete(BlobUpload).where(BlobUpload.id.in_(ids)))
    return list(keys)


def _taken(session: Session, actor: Actor, asked: BlobRequest, now: int) -> BlobReply | None:
    """Go on with the upload that there is, or with a new one; None when another tab has finished it meanwhile."""
    values = {
        "id": new_id(),
        "person_id": actor.person_id,
        "sha256": asked.sha256,
        "media_type": asked.media_type,
        "size": asked.size,
        "received": 0,
        "touched_at": now,
    }
    insert_new(session, BlobUpload, [values])
    mine = (BlobUpload.person_id == actor.person_id, BlobUpload.sha256 == asked.sha256)
    taken = update(BlobUpload).where(*mine).values(touched_at=now).returning(BlobUpload.id, BlobUpload.received)
    found = session.execute(taken).one_or_none()
    return _going_on(found.id, found.received) if found else None


def find(session: Session, actor: Actor, upload: str) -> BlobUpload:
    """An upload of this person's; raises upload_gone (404)."""
    mine = (BlobUpload.id == upload, BlobUpload.person_id == actor.person_id)
    found = session.scalars(select(BlobUpload).where(*mine)).one_or_none()
    if found is None:
        raise DomainError("upload_gone", 404)
    return found


def look(shelf: Shelf, actor: Actor, upload: str) -> BlobUpload:
    """How far an upload is; raises upload_gone (404)."""
    with shelf.place.snapshot() as session:
        return find(session, actor, upload)


def append(shelf: Shelf, actor: Actor, upload: str, offset: int, checksum: bytes, data: bytes) -> BlobReply:
    """Take one chunk, and the whole when it was the last; an empty one at the end asks for that again.

    Raises upload_gone (404), wrong_offset (409), chunk_damaged (422), blob_too_large (413), and what `_finish` does.
    """
    found = look(shelf, actor, upload)
    if len(data) > MAX_CHUNK or offset + len(data) > found.size:
        raise DomainError("blob_too_large", 413, {"max_bytes": min(MAX_CHUNK, found.size)})
    if hashlib.sha256(data).digest() != checksum:
        raise DomainError("chunk_damaged", 422)
    if offset != found.received:
        raise DomainError("wrong_offset", 409, {"offset": found.received})
    received = _keep(shelf, actor, upload, offset, data) if data else offset
    if received < found.size:
        return _going_on(upload, received)
    return _finish(shelf, actor, upload)


def _keep(shelf: Shelf, actor: Actor, upload: str, offset: int, data: bytes) -> int:
    """Bytes first, then the note of them: of two that send the same part, one is told to look where it is."""
    key = f"parts/{upload}-{offset}-{token_hex(4)}"
    _put(shelf, key, [data])
    after = offset + len(data)
    try:
        with shelf.place.writing() as session:
            is_next = (BlobUpload.id == upload, BlobUpload.received == offset)
            news = update(BlobUpload).where(*is_next).values(received=after, touched_at=shelf.place.now_ms())
            if not _count(session.execute(news)):
                raise DomainError("wrong_offset", 409, {"offset": find(session, actor, upload).received})
            session.execute(insert(BlobPart).values(upload_id=upload, start=offset, key=key))
    except BaseException:
        shelf.store.delete(key)
        raise
    return after


def _put(shelf: Shelf, key: str, data: Iterable[bytes]) -> None:
    """Keep bytes; raises storage_full (503) on a disk that takes none, which passes."""
    try:
        shelf.store.put(key, data)
    except OSError as problem:
        if problem.errno in FULL:
            raise DomainError("storage_full", 503, {"retry_after": RETRY_SECONDS}) from problem
        raise


def _finish(shelf: Shelf, actor: Actor, upload: str) -> BlobReply:
    """Join the chunks, check the whole, and let it count; raises blob_mismatch (422), blob_refused (415).

    Those two end the upload: what was sent is not what was announced, and begins anew.
    """
    found, keys = _parts(shelf, actor, upload)
    key = f"{found.sha256[:2]}/{found.sha256}.{token_hex(4)}"
    seen = _Seen()
    try:
        _put(shelf, key, seen.through(piece for part in keys for piece in shelf.store.read(part)))
    except MissingBytesError:
        look(shelf, actor, upload)  # another tab has finished it: its chunks are gone for that reason
        seen.is_broken = True
    if fault := seen.fault(found):
        with shelf.place.writing() as session:
            surplus = forget(session, [upload])
        _delete(shelf, [key, *surplus])
        raise fault
    log_seq, surplus = _settle(shelf, actor, found, key)
    _delete(shelf, surplus)
    return _complete(found.size, log_seq)


def _delete(shelf: Shelf, keys: Iterable[str]) -> None:
    for key in keys:
        shelf.store.delete(key)


def _parts(shelf: Shelf, actor: Actor, upload: str) -> tuple[BlobUpload, list[str]]:
    with shelf.place.snapshot() as session:
        found = find(session, actor, upload)
        parts = select(BlobPart.key).where(BlobPart.upload_id == upload).order_by(BlobPart.start)
        return found, list(session.scalars(parts))


class _Seen:
    """What went by while the chunks were joined."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.head = b""
        self.is_broken = False

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.digest.update(piece)
            self.head += piece[: HEAD - len(self.head)]
            yield piece

    def fault(self, upload: BlobUpload) -> DomainError | None:
        if self.is_broken or self.digest.hexdigest() != upload.sha256:
            return DomainError("blob_mismatch", 422)
        if not is_kind(upload.media_type, self.head):
            return DomainError("blob_refused", 415, {"media_type": upload.media_type})
        return None


def _settle(shelf: Shelf, actor: Actor, upload: BlobUpload, key: str) -> tuple[int, list[str]]:
    """Let the blob count; returns its `log_seq`, and the keys to delete once that is committed.

    The log's lock comes after all that others may hold (R11): a backup whose position is above `log_seq` then holds
    the blob. What is here already and sound stays as it is; what is not is healed by the bytes that just came, and
    what was let go of comes anew: no backup since then holds it.
    """
    now = shelf.place.now_ms()
    known, is_whole = _looked_at(shelf, upload.sha256)
    values = {"sha256": upload.sha256, "key": key, "media_type": upload.media_type, "size": upload.size}
    with shelf.place.writing() as session:
        surplus = forget(session, [upload.id])
        here = _claim(session, {**values, "log_seq": 0, "kept_at": now})
        prove(session, upload.sha256, actor.person_id)
        same = update(Blob).where(Blob.sha256 == upload.sha256).values(kept_at=now)
        is_sound = is_whole or here.key != known  # what was written since it was looked at is whole
        if here.key != key and here.kept_at > LET_GO and is_sound:
            session.execute(same)
            return here.log_seq, [*surplus, key]
        head = advance(session).last_seq
        session.execute(same.values(**values, log_seq=head))
    return head, [*surplus, *([] if here.key == key else [here.key])]


def _claim(session: Session, values: dict[str, Any]) -> Any:
    """The blob's row, locked, as it was before: a new one of these values where there was none."""
    new = (sqlite if is_sqlite(session) else postgresql).insert(Blob).values(values)
    same = new.on_conflict_do_update(index_elements=["sha256"], set_={"sha256": new.excluded.sha256})
    return session.execute(same.returning(Blob.key, Blob.kept_at, Blob.log_seq)).one()


def _going_on(upload: str, offset: int) -> BlobReply:
    return BlobReply(VERSION, "uploading", offset, MAX_CHUNK, upload=upload)


def _complete(size: int, log_seq: int) -> BlobReply:
    return BlobReply(VERSION, "complete", size, MAX_CHUNK, log_seq=log_seq)


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
