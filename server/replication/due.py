"""Lets dated grants begin and end when their time has come, before anybody is told what they may see (R21)."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.orm import Session

from server.replication.place import Place
from server.shared.due import DUE_AT, has_come, is_due


@contextmanager
def settled(place: Place) -> Generator[Session]:
    """A read-only transaction of one moment in which no grant waits to begin or to end."""
    with place.snapshot() as session:
        if not is_due(session, place.now_ms()):
            yield session
            return
    settle(place)
    with place.snapshot() as session:
        yield session


def glance_settled(place: Place, statement: Executable, values: Mapping[str, object]) -> Row[Any]:
    """The same in one statement of one row, which tells `grants_due_at`, too; it is asked again if that had come."""
    [row] = place.glance(statement, values)
    if has_come(row.grants_due_at, place.now_ms()):
        settle(place)
        [row] = place.glance(statement, values)
    return row


def settle(place: Place) -> None:
    """Make grants and revocations of what is due, in a transaction of their own; nothing to do is one cheap read.

    Whoever comes first does it. A second one that saw the same takes the log lock after it, and finds no difference.
    """
    now_ms = place.now_ms()
    [row] = place.glance(DUE_AT)
    if not has_come(row.grants_due_at, now_ms):
        return
    with place.writing() as session:
        for task in place.registry.settle:
            task(session, now_ms)
