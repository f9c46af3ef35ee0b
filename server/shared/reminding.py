"""What a feature offers to be reminded of, so that reminders need to know no feature."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from server.shared.jobs import Planned

LONGEST_LEAD = timedelta(days=1)
EASTERNMOST = timedelta(hours=14)


class Timed(NamedTuple):
    """An obligation at a wall time of the company's calendar, as it stands now."""

    pk: str
    person_id: str
    customer_id: str
    on: str
    at: str


class Count(NamedTuple):
    """How much of a kind a person has to do on a day: ending that day, and late."""

    due: int
    late: int


Look = Callable[[Session, Sequence[str]], Sequence[Timed]]
"""Of these rows (by pk) the ones that are still to be done at a time."""
Tally = Callable[[Session, Sequence[str], date], Mapping[str, Count]]
"""What these people (by id) have to do on a day, by person; whoever has nothing is left out."""


@dataclass(frozen=True)
class Source:
    """A kind of obligation, named by its entity. `look` is None where none has a time of day."""

    kind: str
    tally: Tally
    look: Look | None = None


def job_of(kind: str, timed: Timed) -> Planned:
    """The job that reminds of it, due when it may first be time to, in whatever zone and however early a person asks.

    Whoever plans it knows neither: the worker looks again, and puts it to its real moment.
    """
    wall = datetime.fromisoformat(f"{timed.on}T{timed.at}+00:00")
    earliest = wall - EASTERNMOST - LONGEST_LEAD
    return Planned(key_of(kind, timed.pk), kind, int(earliest.timestamp() * 1000), timed.person_id)


def key_of(kind: str, pk: str) -> str:
    """The key of the job that reminds of a row."""
    return f"{kind}:{pk}"
