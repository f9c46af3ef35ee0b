"""Serves one scope's rows in chunks that can be resumed, always fresh from the database (SPEC 12)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication.models import SyncedRow
from server.replication.place import Place
from server.replication.position import Bookmark, open_bookmark, seal_bookmark
from server.shared.actor import Actor
from server.shared.log_lock import read_counters
from server.shared.scope import granted_scopes
from sync.wire.snapshot import ChunkEnd, ChunkHeader, SnapshotRequest
from sync.wire.version import VERSION

CHUNK_ROWS = 2_000
encode = msgspec.json.encode


def snapshot(place: Place, actor: Actor, request: SnapshotRequest) -> bytes:
    """The next chunk as NDJSON; raises forbidden (403), bad_cursor (400) and wrong_epoch (409)."""
    with place.snapshot() as session:
        if request.scope not in granted_scopes(session, actor.person_id):
            raise DomainError("forbidden", 403)
        counters = read_counters(session)
        start = Bookmark(counters.epoch, request.scope, counters.last_seq, None, is_done=False)
        bookmark = open_bookmark(request.token, place.key) if request.token else start
        if bookmark.scope != request.scope:
            raise DomainError("bad_cursor", 400)
        if bookmark.epoch != counters.epoch:
            raise DomainError("wrong_epoch", 409)
        return _chunk(place, session, bookmark, counters.last_seq)


def _chunk(place: Place, session: Session, bookmark: Bookmark, head: int) -> bytes:
    rows: Sequence[Any] = [] if bookmark.is_done else _read(session, bookmark)
    is_done = len(rows) <= CHUNK_ROWS
    rows = rows[:CHUNK_ROWS]
    after = (rows[-1].pk, rows[-1].entity) if rows else bookmark.after
    reached = replace(bookmark, after=after, is_done=is_done)
    lines = [encode(ChunkHeader(VERSION, bookmark.epoch, bookmark.scope, head))]
    for row in rows:
        lines += (row.line, row.body)
    lines.append(encode(ChunkEnd("end", seal_bookmark(reached, place.key), is_done, head)))
    return b"\n".join(lines) + b"\n"


def _read(session: Session, bookmark: Bookmark) -> Sequence[Any]:
    """One row more than a chunk holds, to know whether it is the last."""
    table = SyncedRow
    found = select(table.pk, table.entity, table.line, table.body)
    found = found.where(table.scope == bookmark.scope, table.deleted_by.is_(None))
    if bookmark.after:
        found = found.where(tuple_(table.pk, table.entity) > bookmark.after)
    return session.execute(found.order_by(table.pk, table.entity).limit(CHUNK_ROWS + 1)).all()
