"""Work for later that outlives any process: planned in the transaction that causes it, claimed by a worker.

A claim is a lease: it moves the job's time ahead, so that a worker which dies leaves nothing behind that
anybody must tidy up. Whoever plans a job anew takes it out of the hands of a worker that still holds it.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import BigInteger, Engine, Index, String, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.shared.db import glancing
from server.shared.orm import Base, Id

LEASE_MS = 60_000
"""How long a worker may take over what it claimed, before another one does it again."""
FIRST_RETRY_MS, LAST_RETRY_MS = 5_000, 3_600_000


class Job(Base):
    """One piece of work; done is gone."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_run_at", "run_at"), Index("ix_jobs_person_id_kind", "person_id", "kind"))

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[Id | None]
    run_at: Mapped[int] = mapped_column(BigInteger)
    """Milliseconds since 1970; of a claimed job, the end of its lease."""
    lease: Mapped[str | None] = mapped_column(String(36))
    attempts: Mapped[int] = mapped_column(server_default="0")


class Planned(NamedTuple):
    """A job to be. The same `key` is the same job; `run_at` in milliseconds since 1970."""

    key: str
    kind: str
    run_at: int
    person_id: str | None = None


class Claimed(NamedTuple):
    """A job in a worker's hands, as long as its lease lasts."""

    key: str
    kind: str
    person_id: str | None
    lease: str
    attempts: int


_INSERT = (
    "INSERT INTO jobs (key, kind, run_at, person_id, attempts) VALUES (:key, :kind, :run_at, :person_id, 0)"
    " ON CONFLICT (key) DO "
)
PLAN = text(_INSERT + "UPDATE SET run_at = excluded.run_at, person_id = excluded.person_id, lease = NULL, attempts = 0")
ADD = text(_INSERT + "NOTHING")


def plan(session: Session, jobs: Iterable[Planned]) -> None:
    """Let each of these be done at its time, whatever was planned for it before."""
    _run(session, PLAN, jobs)


def add(session: Session, jobs: Iterable[Planned]) -> None:
    """The same, but what is planned already stays as it is."""
    _run(session, ADD, jobs)


def cancel(session: Session, keys: Iterable[str]) -> None:
    """Let these not be done; a worker that holds one finds it gone."""
    if known := sorted(keys):
        session.connection().execute(delete(Job).where(Job.key.in_(known)))


def next_at(engine: Engine) -> int | None:
    """When the next job is due, in milliseconds since 1970, by a look that locks nothing; None when there is none."""
    with glancing(engine) as connection:
        return connection.execute(select(func.min(Job.run_at))).scalar_one()


def claim(session: Session, now_ms: int, most: int) -> list[Claimed]:
    """Take what is due, the oldest first, in a writing transaction of its own; others see it when the lease ends."""
    due = select(Job.key).where(Job.run_at <= now_ms).order_by(Job.run_at, Job.key).limit(most)
    keys = session.connection().execute(due.with_for_update(skip_locked=True)).scalars().all()
    if not keys:
        return []
    lease = str(uuid4())
    taken = (
        update(Job).where(Job.key.in_(keys)).values(lease=lease, run_at=now_ms + LEASE_MS, attempts=Job.attempts + 1)
    )
    found = session.connection().execute(taken.returning(Job.key, Job.kind, Job.person_id, Job.lease, Job.attempts))
    return sorted(Claimed(*row) for row in found)


def finish(session: Session, job: Claimed, run_at: int | None, *, is_retry: bool = False) -> bool:
    """Let a job be over, or be due again at `run_at` (a retry counts on); false when it is no longer this worker's."""
    mine = (Job.key == job.key, Job.lease == job.lease)
    again = update(Job).where(*mine).values(run_at=run_at, lease=None, attempts=job.attempts if is_retry else 0)
    done = session.connection().execute(delete(Job).where(*mine) if run_at is None else again)
    return done.rowcount == 1


def put_off(session: Session, job: Claimed, now_ms: int) -> None:
    """It failed: try again after a wait that doubles each time."""
    wait = min(FIRST_RETRY_MS * 2 ** min(job.attempts - 1, 20), LAST_RETRY_MS)
    mine = (Job.key == job.key, Job.lease == job.lease)
    session.connection().execute(update(Job).where(*mine).values(run_at=now_ms + wait, lease=None))


def _run(session: Session, statement: object, jobs: Iterable[Planned]) -> None:
    if rows := [job._asdict() for job in jobs]:
        session.connection().execute(statement, rows)  # pyright: ignore[reportCallIssue, reportArgumentType]
