"""Serves one scope's rows in chunks that can be resumed, from kept files as long as no row left the scope (SPEC 12)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from backports import zstd
from sqlalchemy import and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication.chunks import Start
from server.replication.due import settled
from server.replication.log_reader import txn_at
from server.replication.models import ChangeLog, ChangeScope, SyncedRow
from server.replication.place import Place
from server.replication.position import Bookmark, open_bookmark, seal_bookmark
from server.shared.actor import Actor
from server.shared.log_lock import Counters, read_counters
from server.shared.scope import granted_scopes
from sync.wire.snapshot import ChunkEnd, ChunkHeader, SnapshotRequest
from sync.wire.version import VERSION

CHUNK_ROWS = 2_000
WORTH_KEEPING = 200
"""A chunk of fewer rows costs no more to make than to look up."""
MOST_CHANGES = 2_000
"""Beyond so many changes in the scope a join would bring most of them anew: the next download begins afresh."""
CHANGES_SINCE = (
    select(or_(ChangeLog.scope_after != bindparam("scope"), SyncedRow.deleted_by.is_not(None), SyncedRow.pk.is_(None)))
    .select_from(ChangeScope)
    .join(ChangeLog, ChangeLog.seq == ChangeScope.seq)
    .outerjoin(SyncedRow, and_(SyncedRow.entity == ChangeLog.entity, SyncedRow.pk == ChangeLog.pk))
    .where(ChangeScope.scope == bindparam("scope"), ChangeScope.seq > bindparam("seq"))
    .order_by(ChangeScope.seq)
    .limit(MOST_CHANGES + 1)
)
"""Whether the row of each change is out of the scope by now."""
encode = msgspec.json.encode


def snapshot(place: Place, actor: Actor, request: SnapshotRequest) -> bytes:
    """The next chunk as NDJSON; raises forbidden (403), bad_cursor (400), wrong_epoch (409), cursor_expired (410)."""
    return zstd.decompress(packed(place, actor, request))


def packed(place: Place, actor: Actor, request: SnapshotRequest) -> bytes:
    """The same, compressed by zstd: as it is kept."""
    with settled(place) as session:
        if request.scope not in granted_scopes(session, actor.person_id):
            raise DomainError("forbidden", 403)
        counters = read_counters(session)
        bookmark = open_bookmark(request.token, place.key) if request.token else None
        if bookmark and bookmark.scope != request.scope:
            raise DomainError("bad_cursor", 400)
        if bookmark and bookmark.epoch != counters.epoch:
            raise DomainError("wrong_epoch", 409)
        if bookmark and bookmark.start < counters.floor_seq:
            raise DomainError("cursor_expired", 410, {"scopes": [request.scope], "cursor": None})
        if bookmark is None:
            bookmark = _begin(place, session, counters, request.scope)
        return _kept(place, session, bookmark) or _made(place, session, bookmark, counters.last_seq)


def _begin(place: Place, session: Session, counters: Counters, scope: str) -> Bookmark:
    """Join a download whose chunks are kept, if it still may be served; else begin at the head."""
    epoch = counters.epoch
    kept = place.chunks.newest(epoch, scope) if place.chunks else None
    goes_on = kept and kept.seq >= counters.floor_seq and txn_at(session, kept.seq) == kept.txn
    if place.chunks and kept and not (goes_on and _holds_all(session, scope, kept.seq)):
        place.chunks.drop(epoch, scope, kept)
        kept = None
    return Bookmark(epoch, scope, kept.seq if kept else counters.last_seq, None, is_done=False)


def _holds_all(session: Session, scope: str, seq: int) -> bool:
    """Whether no row left the scope or was deleted after a position, and not much changed."""
    found = session.connection().scalars(CHANGES_SINCE, {"scope": scope, "seq": seq}).all()
    return len(found) <= MOST_CHANGES and not any(found)


def _kept(place: Place, session: Session, bookmark: Bookmark) -> bytes | None:
    if place.chunks is None or bookmark.is_done:
        return None
    start = Start(bookmark.start, txn_at(session, bookmark.start))
    found = place.chunks.read(bookmark.epoch, bookmark.scope, start, bookmark.after)
    # Looked at once more: a row may have left since the download's first chunk.
    return found if found and _holds_all(session, bookmark.scope, bookmark.start) else None


def _made(place: Place, session: Session, bookmark: Bookmark, head: int) -> bytes:
    rows: Sequence[Any] = [] if bookmark.is_done else _read(session, bookmark)
    is_done = len(rows) <= CHUNK_ROWS
    rows = rows[:CHUNK_ROWS]
    after = (rows[-1].pk, rows[-1].entity) if rows else bookmark.after
    reached = replace(bookmark, after=after, is_done=is_done)
    lines = [encode(ChunkHeader(VERSION, bookmark.epoch, bookmark.scope, head))]
    for row in rows:
        lines += (row.line, row.body)
    lines.append(encode(ChunkEnd("end", seal_bookmark(reached, place.key), is_done, head)))
    data = zstd.compress(b"\n".join(lines) + b"\n", 3)
    if place.chunks and len(rows) >= WORTH_KEEPING:
        start = Start(bookmark.start, txn_at(session, bookmark.start))
        place.chunks.write(bookmark.epoch, bookmark.scope, start, bookmark.after, data)
    return data


def _read(session: Session, bookmark: Bookmark) -> Sequence[Any]:
    """One row more than a chunk holds, to know whether it is the last."""
    table = SyncedRow
    found = select(table.pk, table.entity, table.line, table.body)
    found = found.where(table.scope == bookmark.scope, table.deleted_by.is_(None))
    if bookmark.after:
        found = found.where(tuple_(table.pk, table.entity) > bookmark.after)
    return session.execute(found.order_by(table.pk, table.entity).limit(CHUNK_ROWS + 1)).all()
