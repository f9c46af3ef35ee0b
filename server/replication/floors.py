"""Keeps whoever was away since before the clean-up from reading a log that begins later (SPEC 11.8, R22, R23)."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication.granted import compare
from server.replication.log_reader import changed_by_floor, txn_at
from server.replication.place import Place
from server.replication.position import Position, seal_position
from server.shared.scope import Grant
from sync.core.cursor import CursorError


def lift(place: Place, session: Session, position: Position, grants: list[Grant], floor: int) -> Position:
    """The position from which the log can be read on: the floor, where nothing that is missed below it was for them.

    Raises cursor_expired (410) when something was.
    """
    if position.seq >= floor:
        return position
    standing = compare(grants, position)
    lifted = replace(position, seq=floor, txn=txn_at(session, floor), has_left=False)
    changed = [scope for scope in standing.active if changed_by_floor(session, scope, position.seq, floor)]
    # A download under way began below the floor, too.
    waiting = [scope for scope in position.pending if scope in standing.pending]
    if changed or waiting:
        raise expired(place, lifted, [*changed, *waiting])
    return lifted


def expired(place: Place, position: Position, scopes: Iterable[str]) -> DomainError:
    """The refusal that names the scopes to download anew, and the cursor that waits for them.

    So many that no cursor holds them are everything: then the device asks from the start, without one.
    """
    named = sorted(set(scopes))
    pending = (*position.pending, *(scope for scope in named if scope not in position.pending))
    try:
        cursor = seal_position(replace(position, pending=pending), place.key)
    except CursorError:
        cursor = None
    return DomainError("cursor_expired", 410, {"scopes": named, "cursor": cursor})
