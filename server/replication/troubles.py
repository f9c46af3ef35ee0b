"""Tells database errors apart: what passes by itself, what passes with help, and what is our fault."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from server.replication.place import Place

TRIES = 3
TURNS = {"40P01", "40001", "55P03"}
"""Deadlock, serialisation failure, lock timeout: the same will work in a moment."""
TWICE = "23505"
"""Two created one row at the same time: the second look finds it."""
OUTAGES = ("08", "25006", "53", "57", "58")
"""How the SQLSTATEs begin of a database that is gone, read-only, full, or going down."""

T = TypeVar("T")


def attempt(place: Place, work: Callable[[Session], T]) -> T:
    """Run one writing transaction, again where others were in its way."""
    for left in reversed(range(TRIES)):
        try:
            with place.writing() as session:
                return work(session)
        except DBAPIError as problem:
            if not left or sqlstate(problem) not in {*TURNS, TWICE}:
                raise
    raise AssertionError("the last try returns or raises")


def is_outage(problem: Exception) -> bool:
    """Whether the database cannot be written at all just now; SQLite has no states for it."""
    state = sqlstate(problem)
    is_lite = state is None and isinstance(problem, OperationalError)
    return is_lite or (state or "").startswith(OUTAGES)


def is_turn(problem: Exception) -> bool:
    """Whether others were in the way."""
    return sqlstate(problem) in TURNS


def sqlstate(problem: Exception) -> str | None:
    """PostgreSQL's five characters, if the problem is one of its."""
    return getattr(getattr(problem, "orig", None), "sqlstate", None)
