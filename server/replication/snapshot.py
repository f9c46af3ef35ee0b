"""Serves one scope's rows in chunks that can be resumed, from kept files as long as no row left the scope (SPEC 12)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
from backports import zstd
from sqlalchemy import and_, bindparam, case, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication.chunks import Start
from server.replication.due import glance_settled, settled
from server.replication.log_reader import TXN_AT, txn_at
from server.replication.models import ChangeLog, ChangeScope, SyncedRow
from server.replication.place import Place
from server.replication.position import Bookmark, open_bookmark, seal_bookmark
from server.shared.actor import Actor
from server.shared.log_lock import ServerState
from server.shared.scope import ScopeGrant
from sync.wire.snapshot import ChunkEnd, ChunkHeader, SnapshotRequest
from sync.wire.version import VERSION

CHUNK_ROWS = 2_000
WORTH_KEEPING = 200
"""A chunk of fewer rows costs no more to make than to look up."""
MOST_CHANGES = 2_000
"""Beyond so many changes in the scope a join would bring most of them anew: the next download begins afresh."""
_IS_OUT = or_(ChangeLog.scope_after != bindparam("scope"), SyncedRow.deleted_by.is_not(None), SyncedRow.pk.is_(None))
_SINCE = (
    select(case((_IS_OUT, 1), else_=0).label("is_out"))
    .select_from(ChangeScope)
    .join(ChangeLog, ChangeLog.seq == ChangeScope.seq)
    .outerjoin(SyncedRow, and_(SyncedRow.entity == ChangeLog.entity, SyncedRow.pk == ChangeLog.pk))
    .where(ChangeScope.scope == bindparam("scope"), ChangeScope.seq > bindparam("seq"))
    .order_by(ChangeScope.seq)
    .limit(bindparam("most"))
    .subquery()
)
"""Of each change whether its row is out of the scope by now."""
_CHANGES = select(func.count().label("changes"), func.coalesce(func.max(_SINCE.c.is_out), 0).label("left")).subquery()
_GRANTED = exists().where(
    ScopeGrant.person_id == bindparam("person"), ScopeGrant.scope == bindparam("scope"), ScopeGrant.revoked_id.is_(None)
)
VIEW = select(
    ServerState.grants_due_at,
    ServerState.epoch,
    ServerState.last_seq,
    ServerState.floor_seq,
    _GRANTED,
    TXN_AT.scalar_subquery(),
    _CHANGES.c.changes,
    _CHANGES.c.left,
).join(_CHANGES, true())
"""Built once, and one statement: a kept chunk waits for the database no longer than it must."""
NOWHERE = 2**62
"""Where a download stands that has not begun: nothing comes after it."""
encode = msgspec.json.encode


class View(NamedTuple):
    """What is asked of one scope and one log position before each chunk; `txn` is the transaction there.

    `changes` counts the changes of the scope after it, at most one too many; `left` is 1 if a row of them is out.
    """

    grants_due_at: int | None
    epoch: int
    last_seq: int
    floor_seq: int
    is_granted: bool
    txn: str | None
    changes: int
    left: int

    @property
    def holds_all(self) -> bool:
        """Whether no row left the scope or was deleted after the position, and not much changed."""
        return self.changes <= MOST_CHANGES and not self.left


Look = Callable[[int], View]
"""How to get the view of a log position."""


def snapshot(place: Place, actor: Actor, request: SnapshotRequest) -> bytes:
    """The next chunk as NDJSON; raises forbidden (403), bad_cursor (400), wrong_epoch (409), cursor_expired (410)."""
    return zstd.decompress(packed(place, actor, request))


def packed(place: Place, actor: Actor, request: SnapshotRequest) -> bytes:
    """The same, compressed by zstd: as it is kept."""
    asked = {"person": actor.person_id, "scope": request.scope, "most": MOST_CHANGES + 1}

    def glance(seq: int) -> View:
        return View(*glance_settled(place, VIEW, {**asked, "seq": seq}))

    bookmark, view = _under_way(place, request, glance)
    found = _kept(place, bookmark, view) if bookmark else None
    if found:
        return found
    with settled(place) as session:

        def look(seq: int) -> View:
            return View(*session.connection().execute(VIEW, {**asked, "seq": seq}).one())

        bookmark, view = _under_way(place, request, look)
        begun = bookmark or Bookmark(view.epoch, request.scope, view.last_seq, None, is_done=False)
        return _made(place, session, begun, view.last_seq)


def _under_way(place: Place, request: SnapshotRequest, look: Look) -> tuple[Bookmark | None, View]:
    """The download to go on with, and how it stands there: the token's, or one whose chunks are kept."""
    bookmark = open_bookmark(request.token, place.key) if request.token else None
    view = look(bookmark.start if bookmark else NOWHERE)
    _check(view, request.scope, bookmark)
    if bookmark:
        return bookmark, view
    kept = place.chunks.newest(view.epoch, request.scope) if place.chunks else None
    if place.chunks and kept:
        there = look(kept.seq)
        if _may_join(there, kept, view.epoch):
            return Bookmark(view.epoch, request.scope, kept.seq, None, is_done=False), there
        place.chunks.drop(view.epoch, request.scope, kept)
    return None, view


def _may_join(there: View, kept: Start, epoch: int) -> bool:
    """Whether kept chunks of an epoch may be served still; all is judged anew, for this look may be a later one."""
    is_same_log = there.epoch == epoch and there.floor_seq <= kept.seq and (there.txn or "") == kept.txn
    return is_same_log and there.is_granted and there.holds_all


def _check(view: View, scope: str, bookmark: Bookmark | None) -> None:
    if not view.is_granted:
        raise DomainError("forbidden", 403)
    if bookmark and bookmark.scope != scope:
        raise DomainError("bad_cursor", 400)
    if bookmark and bookmark.epoch != view.epoch:
        raise DomainError("wrong_epoch", 409)
    if bookmark and bookmark.start < view.floor_seq:
        raise DomainError("cursor_expired", 410, {"scopes": [scope], "cursor": None})


def _kept(place: Place, bookmark: Bookmark, view: View) -> bytes | None:
    # The view is looked at for each chunk: a row may have left since the download's first one.
    if place.chunks is None or bookmark.is_done or not view.holds_all:
        return None
    return place.chunks.read(bookmark.epoch, bookmark.scope, Start(bookmark.start, view.txn or ""), bookmark.after)


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
