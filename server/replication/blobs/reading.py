"""Gives a blob to whoever may see a row that shows it, and to nobody else (R35)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from server.errors import DomainError
from server.replication.blobs.kinds import KINDS
from server.replication.blobs.models import Blob
from server.replication.blobs.references import is_named, is_shown
from server.replication.blobs.shelf import Shelf
from server.replication.blobs.store import MissingBytesError
from server.replication.due import settled
from server.shared.actor import Actor


@dataclass(frozen=True)
class Opened:
    """A blob about to be sent, from byte `start` on; `size` is of the whole."""

    media_type: str
    size: int
    start: int
    pieces: Iterator[bytes]

    @property
    def extension(self) -> str:
        """The ending of a file of this kind."""
        return KINDS[self.media_type].extension


def open_blob(shelf: Shelf, actor: Actor, sha: str, start: int = 0) -> Opened:
    """The blob's bytes; raises not_found (404), and blob_on_its_way (404) to who may see a row that names it."""
    with settled(shelf.place) as session:
        may_see = is_shown(session, sha, actor.person_id)
        columns = (Blob.key, Blob.media_type, Blob.size)
        found = session.execute(select(*columns).where(Blob.sha256 == sha, may_see)).one_or_none()
        is_awaited = found is None and session.scalar(select(is_named(session, sha, actor.person_id)))
    if found is None:
        raise DomainError("blob_on_its_way" if is_awaited else "not_found", 404)
    begin = start if start < found.size else 0
    try:
        return Opened(found.media_type, found.size, begin, shelf.store.read(found.key, begin))
    except MissingBytesError as problem:
        raise DomainError("blob_on_its_way", 404) from problem
