"""When the next dated grant begins or ends: a change of who sees what that no write announces (R21)."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.shared.log_lock import ServerState

DUE_AT = select(ServerState.grants_due_at)


def is_due(session: Session, now_ms: int) -> bool:
    """Whether a grant should have begun or ended that has not; one look at the one row of counters."""
    return has_come(session.connection().execute(DUE_AT).scalar_one(), now_ms)


def has_come(due_at: int | None, now_ms: int) -> bool:
    """Whether the moment of the next beginning or end, if there is one, is here."""
    return due_at is not None and due_at <= now_ms


def turn(session: Session, moments: Iterable[int], now_ms: int) -> int:
    """Pass what is due of all beginnings and ends (milliseconds since 1970); returns the last one passed.

    Who sees what is judged at that moment: it never falls, so a clock set back takes nothing back. Call it
    under the log lock.
    """
    known = list(moments)
    before = session.connection().execute(select(ServerState.grants_at)).scalar_one()
    at = max([before, *(moment for moment in known if moment <= now_ms)])
    due_at = min((moment for moment in known if moment > at), default=None)
    session.connection().execute(update(ServerState).values(grants_at=at, grants_due_at=due_at))
    return at
