"""Shortens the log below its floor: entries, their index by scope, and sums that no cursor can ask for (R29)."""

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from server.replication.models import ChangeLog, ChangeScope, ScopeSum
from server.replication.place import Place
from server.replication.troubles import attempt
from server.shared.log_lock import ServerState

STEP = 2_000
"""Log positions in one transaction."""


def trim(place: Place) -> int:
    """Remove what lies below the floor, going on where an earlier clean-up ended; returns how many entries went."""
    removed = 0
    while (step := attempt(place, _trim_some)) is not None:
        removed += step
    return removed


def _trim_some(session: Session) -> int | None:
    """One transaction; None when nothing is left. The entry at the floor stays: cursors prove themselves by it."""
    state = session.execute(select(ServerState.floor_seq, ServerState.purged_seq)).one()
    first, last = state.purged_seq + 1, min(state.purged_seq + STEP, state.floor_seq - 1)
    if first > last:
        return None
    table = ChangeLog
    span = table.seq.between(first, last)
    for scope in _scopes(session, first, last):
        _trim_scope(session, scope, first, last, state.floor_seq)
    stayed = or_(table.scope_before.is_(None), table.scope_before == table.scope_after)
    removed = session.scalars(delete(table).where(span, stayed).returning(table.seq)).all()
    # Last, for it is the row by which every writer orders itself (SPEC 10.1).
    session.execute(update(ServerState).where(ServerState.purged_seq < last).values(purged_seq=last))
    return len(removed)


def _scopes(session: Session, first: int, last: int) -> list[str]:
    table = ChangeLog
    sides = select(table.scope_before, table.scope_after).where(table.seq.between(first, last)).distinct()
    return sorted({scope for row in session.execute(sides) for scope in row if scope})


def _trim_scope(session: Session, scope: str, first: int, last: int, floor: int) -> None:
    """The scope's last sum up to the floor stays: it is the one that holds at the floor."""
    index, sums = ChangeScope, ScopeSum
    session.execute(delete(index).where(index.scope == scope, index.seq.between(first, last)))
    holds = select(func.max(sums.seq)).where(sums.scope == scope, sums.seq <= floor)
    at = session.scalar(holds) or 0
    session.execute(delete(sums).where(sums.scope == scope, sums.seq <= last, sums.seq < at))
