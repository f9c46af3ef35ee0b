"""Serves a page of the log: what this person's mirror needs to become what they may see now (SPEC 11)."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from server.replication import arrival, floors, records
from server.replication.due import settle
from server.replication.erased import erased_id
from server.replication.granted import Standing, compare, proof
from server.replication.log_reader import ServedRow, changed_rows, page_end, txn_at
from server.replication.place import Place
from server.replication.position import (
    Bookmark,
    Position,
    open_bookmark,
    open_position,
    seal_bookmark,
    seal_position,
)
from server.shared import metrics
from server.shared.actor import Actor
from server.shared.log_lock import Counters, read_counters
from server.shared.scope import grants_of
from sync.wire.pull import PullRequest
from sync.wire.version import VERSION

MAX_ROWS = 5_000
encode = msgspec.json.encode


@dataclass
class Page:
    """The lines of an answer as they grow."""

    lines: list[bytes] = field(default_factory=list[bytes])
    has_left: bool = False

    def add(self, value: dict[str, Any]) -> None:
        """One line of JSON."""
        self.lines.append(encode(value))

    def add_rows(self, rows: Iterable[ServedRow], visible: frozenset[str], pending: Container[str]) -> None:
        """Rows by what the person may see of them *now*, never by what they once could (R4)."""
        for row in rows:
            if row.deleted_by is None and row.scope in visible:
                self.lines += (row.line, row.body)
                continue
            op = "leave" if row.deleted_by is None else "delete"
            self.has_left = self.has_left or op == "leave"
            # Into a scope that is still to join: its snapshot brings this very revision.
            n = row.n - 1 if op == "leave" and row.scope in pending else row.n
            erased = {"erased": True} if row.deleted_by == erased_id(row.pk) else {}
            self.add({"op": op, "entity": row.entity, "pk": row.pk, "row_rev": (row.epoch, n), **erased})

    def to_bytes(self) -> bytes:
        """The whole answer."""
        return b"\n".join(self.lines) + b"\n"


def pull(place: Place, actor: Actor, request: PullRequest) -> bytes:
    """The next page as NDJSON; raises bad_cursor (400), wrong_person (403) and cursor_expired (410)."""
    arrival.refuse_stranger(actor, request.person)
    settle(place)
    position = open_position(request.cursor, place.key, actor.person_id) if request.cursor else None
    arrival.note_waiting(place, actor.person_id, request.device, request.enqueued_through)
    if position:
        arrival.note_leaves(place, actor, request, position)
    with place.snapshot() as session:
        counters = read_counters(session)
        if not arrival.is_lost(session, position, counters):
            return _page(place, session, actor, request, position, counters).to_bytes()
    arrival.begin_epoch(place, position)
    with place.snapshot() as session:
        return _page(place, session, actor, request, position, read_counters(session)).to_bytes()


def _page(
    place: Place, session: Session, actor: Actor, request: PullRequest, position: Position | None, counters: Counters
) -> Page:
    is_current = position is not None and position.epoch == counters.epoch
    grants = grants_of(session, actor.person_id)
    if position and is_current:
        position = floors.lift(place, session, position, grants, counters.floor_seq)
    standing = compare(grants, position if is_current else None)
    start = position.seq if position and is_current else counters.last_seq
    metrics.LAG.observe(counters.last_seq - start if is_current else counters.last_seq)
    page = Page(has_left=bool(standing.drops))
    page.add(_header(standing, counters.epoch, has_reset=not is_current))
    limit = max(1, min(request.limit, MAX_ROWS))
    end = page_end(session, standing.active, start, limit, counters.last_seq)
    # After a reset every scope is downloaded anew, into the mirror's new generation.
    token = request.join if is_current else None
    join = _find_join(place, token, counters.epoch, standing)
    if position and join and join.start < counters.floor_seq:
        raise floors.expired(place, position, [join.scope])
    level = page_end(session, [join.scope], join.start, limit, end) if join else end
    _add_rows(page, session, standing, join, (start, end, min(level, end)))
    standing = _after_join(standing, join, level >= end)
    # What left while a scope waited is told by no line: with the last join the device knows of it (R26).
    page.has_left = page.has_left or (join is not None and not standing.pending)
    _add_receipts(page, session, actor, request, end)
    reached = Position(
        actor.person_id,
        counters.epoch,
        end,
        txn_at(session, end),
        standing.grant,
        standing.revoked,
        proof(grants, standing.grant, standing.revoked),
        standing.pending,
        page.has_left,
    )
    page.add(
        {
            "op": "end",
            "cursor": seal_position(reached, place.key),
            "seq": end,
            "caught_up": end == counters.last_seq,
            "join": _next_join(place, join, level, end),
            "joined": join.scope if join and level >= end else None,
            "durable_seq": counters.durable_seq,
            "server_time": place.now_ms(),
        }
    )
    return page


def _header(standing: Standing, epoch: int, *, has_reset: bool) -> dict[str, Any]:
    return {
        "v": VERSION,
        "epoch": epoch,
        "reset": has_reset,
        "scopes": sorted(standing.live) if standing.has_changed else None,
        "grants": standing.told,
        "drops": standing.drops,
    }


def _find_join(place: Place, token: str | None, epoch: int, standing: Standing) -> Bookmark | None:
    """The finished snapshot that the device brings, if it may have the scope.

    A scope need not wait for it: one whose sum was wrong is downloaded anew on its own (SPEC 13.2). But
    one that this page grants begins anew: what was downloaded under an earlier grant is dropped by it.
    """
    if token is None:
        return None
    bookmark = open_bookmark(token, place.key)
    is_wanted = bookmark.scope in {*standing.active, *standing.pending} - {*standing.told}
    return bookmark if bookmark.is_done and bookmark.epoch == epoch and is_wanted else None


def _add_rows(
    page: Page,
    session: Session,
    standing: Standing,
    join: Bookmark | None,
    span: tuple[int, int, int],
) -> None:
    start, end, level = span
    visible = standing.active | (frozenset([join.scope]) if join else frozenset[str]())
    rows: Sequence[ServedRow] = changed_rows(session, standing.active, start, end)
    page.add_rows(rows, visible, standing.pending)
    if join:
        sent = {(row.entity, row.pk) for row in rows}
        joining = changed_rows(session, [join.scope], join.start, level)
        page.add_rows((row for row in joining if (row.entity, row.pk) not in sent), visible, standing.pending)


def _after_join(standing: Standing, join: Bookmark | None, is_level: bool) -> Standing:
    if join is None or not is_level:
        return standing
    return replace(standing, pending=tuple(s for s in standing.pending if s != join.scope))


def _next_join(place: Place, join: Bookmark | None, level: int, end: int) -> str | None:
    if join is None or level >= end:
        return None
    return seal_bookmark(replace(join, start=level), place.key)


def _add_receipts(page: Page, session: Session, actor: Actor, request: PullRequest, end: int) -> None:
    acked = request.acked_through
    for receipt in records.receipts_since(session, actor.person_id, request.device, acked, end):
        page.add({"op": "receipt", **asdict(receipt)})
