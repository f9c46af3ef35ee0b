"""Tells everybody each morning how much is due and late, if anything is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.auth.models import User
from server.features.reminders.services import News, tell
from server.features.reminders.walltime import day_of, moment, next_day
from server.shared.jobs import Claimed, Job, Planned, add
from server.shared.reminding import Source
from server.shared.working import Handler, Outcome, Tools

KIND = "digest"
DIGEST_AT = "07:30"


def digest_of(sources: Sequence[Source]) -> Handler:
    """The handler: one notice for each person and day, and the next day's job.

    One of today that comes late is still told; of a day that is over nobody wants to hear.
    """

    def digest(tools: Tools, jobs: Sequence[Claimed]) -> Mapping[str, Outcome]:
        now, zone = tools.now_ms(), tools.settings.zone
        today = day_of(now, zone)
        begins = {job: moment(_day(job), DIGEST_AT, zone) for job in jobs}
        active = _active(tools, [str(job.person_id) for job in jobs])
        mine = {str(job.person_id): at for job, at in begins.items() if at <= now and _day(job) == today}
        counts = _counts(tools, sources, sorted(mine.keys() & active), today)
        tell(tools.writer, [News(pk, KIND, mine[pk], today.isoformat(), counts=said) for pk, said in counts.items()])
        return {job.key: _outcome(job, at, now, tools, job.person_id in active) for job, at in begins.items()}

    return digest


def tend(session: Session, tools: Tools) -> None:
    """Everybody who may sign in has a digest to come."""
    none = ~exists().where(Job.person_id == User.id, Job.kind == KIND)
    people = session.scalars(select(User.id).where(User.is_active, none)).all()
    add(session, (_next(person_id, tools) for person_id in people))


def _outcome(job: Claimed, at: int, now: int, tools: Tools, is_active: bool) -> Outcome:
    if at > now:
        return Outcome(at)
    return Outcome(then=(_next(str(job.person_id), tools),) if is_active else ())


def _next(person_id: str, tools: Tools) -> Planned:
    """The next one whose moment has not come."""
    now, zone = tools.now_ms(), tools.settings.zone
    on = day_of(now, zone)
    while (at := moment(on, DIGEST_AT, zone)) <= now:
        on = next_day(on)
    return Planned(f"{KIND}:{person_id}:{on.isoformat()}", KIND, at, person_id)


def _day(job: Claimed) -> date:
    return date.fromisoformat(job.key.rpartition(":")[2])


def _active(tools: Tools, person_ids: Sequence[str]) -> set[str]:
    with Session(tools.engine) as session:
        return set(session.scalars(select(User.id).where(User.id.in_(person_ids), User.is_active)))


def _counts(
    tools: Tools, sources: Sequence[Source], person_ids: Sequence[str], on: date
) -> dict[str, list[dict[str, Any]]]:
    """What there is to do by person and kind; whoever has nothing is left out."""
    said: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    with Session(tools.engine) as session:
        for source in sources:
            for person_id, count in source.tally(session, person_ids, on).items():
                said[person_id].append({"kind": source.kind, "due": count.due, "late": count.late})
    return dict(said)
