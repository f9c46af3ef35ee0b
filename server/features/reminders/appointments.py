"""Reminds of what has a time of day, some minutes before it."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from server.features.reminders.services import News, tell
from server.features.reminders.walltime import moment
from server.shared.jobs import Claimed
from server.shared.reminding import Look, Timed
from server.shared.working import DONE, Handler, Outcome, Tools

LEAD_MINUTES = 30
STALE_MS = 24 * 60 * 60 * 1000
"""What was due longer ago is no news any more: a worker that was away for days, a backup that was put back."""


def reminder_of(kind: str, look: Look) -> Handler:
    """The handler of a source's timed obligations.

    Its transaction moved or took back the reminder with the obligation already; it is looked at again because
    its real moment depends on the zone, and on a person's choice, which whoever planned it did not know.
    """

    def remind(tools: Tools, jobs: Sequence[Claimed]) -> Mapping[str, Outcome]:
        pks = {job.key.partition(":")[2]: job.key for job in jobs}
        with Session(tools.engine) as session:
            timed = list(look(session, list(pks)))
        now = tools.now_ms()
        times = {one.pk: moment(date.fromisoformat(one.on), one.at, tools.settings.zone) for one in timed}
        begins = {pk: at - LEAD_MINUTES * 60_000 for pk, at in times.items()}
        due = [one for one in timed if begins[one.pk] <= now < times[one.pk] + STALE_MS]
        tell(tools.writer, [_news(kind, one, begins[one.pk]) for one in due])
        later = {pks[pk]: Outcome(at) for pk, at in begins.items() if at > now}
        return dict.fromkeys(pks.values(), DONE) | later

    return remind


def _news(kind: str, timed: Timed, at: int) -> News:
    return News(timed.person_id, kind, at, timed.on, timed.at, timed.pk, timed.customer_id)
