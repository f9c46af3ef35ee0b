"""Lets dated grants begin and end when their time has come, before anybody is told what they may see (R21)."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from server.replication.place import Place
from server.shared.due import is_due


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


def settle(place: Place) -> None:
    """Make grants and revocations of what is due, in a transaction of their own; nothing to do is one cheap read.

    Whoever comes first does it. A second one that saw the same takes the log lock after it, and finds no difference.
    """
    now_ms = place.now_ms()
    with place.snapshot() as session:
        if not is_due(session, now_ms):
            return
    with place.writing() as session:
        for task in place.registry.settle:
            task(session, now_ms)
