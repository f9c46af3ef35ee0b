"""What a job's handler is given and gives back, so that the worker needs to know no feature."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.settings import Settings
from server.shared.jobs import Claimed, Planned
from server.shared.writer import Writer


@dataclass(frozen=True)
class Tools:
    """Everything that work outside of requests is done with; `now_ms` gives milliseconds since 1970."""

    engine: Engine
    writer: Writer
    settings: Settings
    now_ms: Callable[[], int]


@dataclass(frozen=True)
class Outcome:
    """What becomes of a job: over, or due again at `run_at`; `then` are the jobs that follow from it.

    `is_retry` counts this attempt; else the job begins anew.
    """

    run_at: int | None = None
    is_retry: bool = False
    then: tuple[Planned, ...] = ()


DONE = Outcome()
Handler = Callable[[Tools, Sequence[Claimed]], Mapping[str, Outcome]]
"""Does jobs of one kind, and says by key what becomes of each. It may be called again for work that was
done: whatever it changes must be the same the second time. An error fails all of them."""
Tend = Callable[[Session, Tools], None]
"""Plans, in a writing transaction, what ought to be planned and is not; called from time to time."""


@dataclass(frozen=True)
class Shop:
    """What there is to do: a handler for each kind of job, and what keeps jobs coming."""

    handlers: Mapping[str, Handler]
    tends: tuple[Tend, ...] = ()


KEY = "baifang.tools"
