"""Brings a notice to every device of its person: first one job for the notice, then one for each device."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth.models import User
from server.features.reminders import push, subscriptions
from server.features.reminders.models import Notice, PushSubscription
from server.features.reminders.services import DELIVER
from server.shared.db import writing
from server.shared.jobs import FIRST_RETRY_MS, LAST_RETRY_MS, Claimed, Planned
from server.shared.working import DONE, Handler, Outcome, Tools

PUSH = "push"
TRY = "try"
STALE_MS = 60 * 60 * 1000
"""A push that could not be sent for so long is let go: the notice is in the inbox."""
MOST_TRIES = 8


def deliver(tools: Tools, jobs: Sequence[Claimed]) -> Mapping[str, Outcome]:
    """A job for each device; they follow with the end of this one, so that each is planned once."""
    now = tools.now_ms()
    with Session(tools.engine) as session:
        return {job.key: _to_devices(session, job, now) for job in jobs}


def _to_devices(session: Session, job: Claimed, now: int) -> Outcome:
    notice = session.get(Notice, job.key.partition(":")[2])
    if notice is None or notice.seen_at or (notice.created_at or 0) < now - STALE_MS:
        return DONE
    devices = subscriptions.of_person(session, str(notice.person_id))
    return Outcome(then=tuple(_job(notice, device, now) for device in devices))


def _job(notice: Notice, device: PushSubscription, now: int) -> Planned:
    return Planned(f"{PUSH}:{notice.id}:{device.session_id}", PUSH, now, notice.person_id)


def send(tools: Tools, jobs: Sequence[Claimed]) -> Mapping[str, Outcome]:
    """One push for each; a worker that is killed between sending and noting it sends the same once more.

    The service keeps one of a topic, and the device shows one of a tag: nobody sees it twice.
    """
    return {job.key: _send(tools, job) for job in jobs}


def _send(tools: Tools, job: Claimed) -> Outcome:
    _, notice_id, session_id = job.key.split(":")
    with Session(tools.engine) as session:
        notice = session.get(Notice, notice_id)
        to = next(
            (one for one in subscriptions.of_person(session, job.person_id or "") if one.session_id == session_id), None
        )
        locale = session.scalar(select(User.locale).where(User.id == job.person_id)) or push.LANGUAGE
    if notice is None or notice.seen_at or to is None:
        return DONE
    sent = _hand_over(tools, to, notice.kind or "other", notice_id, locale)
    is_worth_it = (notice.created_at or 0) > tools.now_ms() - STALE_MS
    return _outcome(tools, job, sent, is_worth_it=is_worth_it)


def test(tools: Tools, jobs: Sequence[Claimed]) -> Mapping[str, Outcome]:
    """A push that a person asked for, to see whether this device is reached; tried once."""
    for job in jobs:
        with Session(tools.engine) as session:
            to = session.get(PushSubscription, job.key.partition(":")[2])
            locale = session.scalar(select(User.locale).where(User.id == job.person_id)) or push.LANGUAGE
        if to is not None and to.person_id == job.person_id:
            _hand_over(tools, to, "test", job.lease, locale)
    return {job.key: DONE for job in jobs}


def _hand_over(tools: Tools, to: PushSubscription, kind: str, tag: str, locale: str) -> push.Sent:
    content = push.payload(tools.settings, kind, tag, locale)
    sent = push.send(tools.settings, to, content, tag.replace("-", ""))
    with Session(tools.engine) as session, writing(session):
        subscriptions.note(session, to, sent, tools.now_ms())
    return sent


def _outcome(tools: Tools, job: Claimed, sent: push.Sent, *, is_worth_it: bool) -> Outcome:
    if sent.error is None or sent.is_gone or not is_worth_it or job.attempts >= MOST_TRIES:
        return DONE
    wait = min(FIRST_RETRY_MS * 2**job.attempts, LAST_RETRY_MS) if sent.wait_s is None else sent.wait_s * 1000
    return Outcome(tools.now_ms() + wait, is_retry=True)


HANDLERS: Mapping[str, Handler] = {DELIVER: deliver, PUSH: send, TRY: test}
