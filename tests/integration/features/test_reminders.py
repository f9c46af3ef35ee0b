"""What is due becomes one notice in its person's inbox, moves with it and goes with it, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.app import what_to_do
from server.auth import services as auth
from server.features.reminders.models import Notice
from server.shared import working
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.clock import to_ms
from server.shared.db import reading, writing
from server.shared.ids import new_id
from server.shared.jobs import Job, Planned, add
from server.shared.working import Outcome, Shop
from server.shared.writer import Change
from server.worker import Worker
from tests.factories.apps import PASSWORD
from tests.integration.features.conftest import Company

Make = Callable[..., str]


@pytest.fixture
def worker(app: Flask) -> Worker:
    return Worker(app.extensions[working.KEY], what_to_do())


@pytest.fixture
def amy(company: Company) -> Actor:
    """Somebody with a login."""
    actor = company.person("林佳穎")
    with writing(company.session) as session:
        fields: Any = {"name": "林佳穎", "password": PASSWORD, "role": Role.REP}
        auth.create_user(session, OPERATOR, company.clock(), login="amy", id=actor.person_id, **fields)
    return actor


def work(worker: Worker) -> None:
    """Do all that is due now."""
    worker.tend()
    while worker.step():
        pass


def notices(company: Company, kind: str) -> list[Notice]:
    with reading(company.session) as session:
        found = list(session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.created_at)))
        session.expunge_all()  # what is asked of them later begins no transaction
        return found


def jobs(company: Company) -> dict[str, int]:
    with reading(company.session) as session:
        return dict(session.execute(select(Job.key, Job.run_at)).all())  # pyright: ignore[reportArgumentType]


def touch(company: Company, customer: str, actor: Actor, on: str, at: str | None, **more: Any) -> str:
    window = {"due_from_on": on, "due_to_on": on, "due_time": at}
    fields = {"customer_id": customer, "assignee_id": actor.person_id, "channel": "visit", "state": "open"}
    return company.create("touch", **fields, **window, **more)


def test_an_appointment_is_told_half_an_hour_before_and_once(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    pk = customer()
    appointment = touch(company, pk, amy, "2026-11-22", "10:00")  # 02:00 UTC; the clock stands at 09:00 the day before
    work(worker)
    assert notices(company, "touch") == []
    company.clock.advance(hours=16, minutes=29)
    work(worker)
    assert notices(company, "touch") == []
    company.clock.advance(minutes=1)
    work(worker)
    [told] = notices(company, "touch")
    assert (told.person_id, told.row_pk, told.about_customer_id) == (amy.person_id, appointment, pk)
    assert (told.due_on, told.due_time, told.created_at) == ("2026-11-22", "10:00", to_ms(company.clock()))
    assert company.scope("notice", told.id) == f"person:{amy.person_id}"
    company.patch_row("touch", appointment, why="帶樣品")
    work(worker)
    assert [one.id for one in notices(company, "touch")] == [told.id]


def test_an_appointment_that_moves_takes_its_reminder_along(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    pk = touch(company, customer(), amy, "2026-11-22", "10:00")
    work(worker)
    company.patch_row("touch", pk, due_from_on="2026-11-22", due_to_on="2026-11-22", due_time="14:00")
    company.clock.advance(hours=19)
    work(worker)
    assert notices(company, "touch") == []
    company.clock.advance(hours=2)
    work(worker)
    assert [one.due_time for one in notices(company, "touch")] == ["14:00"]


@pytest.mark.parametrize(
    "change", [{"state": "done"}, {"state": "skipped"}, {"snoozed_until_on": "2026-11-25"}, {"delete": True}]
)
def test_what_is_closed_or_put_off_is_not_told(
    company: Company, customer: Make, amy: Actor, worker: Worker, change: dict[str, Any]
) -> None:
    pk = touch(company, customer(), amy, "2026-11-22", "10:00")
    assert f"touch:{pk}" in jobs(company)
    if "delete" in change:
        company.submit([Change("touch", pk, "delete", {}, company.writer.read("touch", [pk])[pk].rev)])
    else:
        company.patch_row("touch", pk, **change)
    assert f"touch:{pk}" not in jobs(company)
    company.clock.advance(days=1)
    work(worker)
    assert notices(company, "touch") == []


def test_a_worker_that_holds_a_job_while_it_moves_does_not_end_it(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    pk = touch(company, customer(), amy, "2026-11-22", "10:00")
    company.clock.advance(hours=17)
    shop = worker.shop.handlers["touch"]

    def moved_meanwhile(tools: Any, claimed: Any) -> Any:
        outcomes = shop(tools, claimed)
        company.patch_row("touch", pk, due_from_on="2026-11-23", due_to_on="2026-11-23", due_time="10:00")
        return outcomes

    worker.shop = Shop({**worker.shop.handlers, "touch": moved_meanwhile})
    work_once = worker.step()
    assert work_once == 1
    assert f"touch:{pk}" in jobs(company)


def test_the_morning_tells_what_is_due_and_late_and_only_once(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    pk = customer()
    for on in ("2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"):
        touch(company, pk, amy, on, None)
    touch(company, pk, amy, "2026-11-20", None, snoozed_until_on="2026-11-23")
    work(worker)  # 17:00 of the 21st: the next morning is planned
    assert notices(company, "digest") == []
    company.clock.advance(hours=14, minutes=30)  # 07:30 of the 22nd
    work(worker)
    work(worker)
    [told] = notices(company, "digest")
    assert (told.due_on, told.counts) == ("2026-11-22", [{"kind": "touch", "due": 1, "late": 2}])
    assert [key for key in jobs(company) if key.startswith("digest:")] == [f"digest:{amy.person_id}:2026-11-23"]


def test_a_morning_without_anything_to_do_says_nothing(company: Company, amy: Actor, worker: Worker) -> None:
    work(worker)
    company.clock.advance(days=1)
    work(worker)
    assert notices(company, "digest") == []
    assert f"digest:{amy.person_id}:2026-11-23" in jobs(company)


def test_who_may_no_longer_sign_in_hears_nothing_more(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    touch(company, customer(), amy, "2026-11-20", None)
    work(worker)
    with writing(company.session) as session:
        auth.disable_user(session, OPERATOR, "amy", company.clock())
    company.clock.advance(days=1)
    work(worker)
    assert (notices(company, "digest"), [key for key in jobs(company) if "digest" in key]) == ([], [])


def test_a_day_that_is_over_when_the_worker_comes_back_is_not_told(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    touch(company, customer(), amy, "2026-11-22", "10:00")
    work(worker)
    company.clock.advance(days=3)
    work(worker)
    assert notices(company, "touch") == []
    assert [one.due_on for one in notices(company, "digest")] == []


def test_old_notices_leave_the_inbox_and_stay_away(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    pk = touch(company, customer(), amy, "2026-11-22", "10:00")
    company.clock.advance(hours=17)
    work(worker)
    [told] = [one.id for one in notices(company, "touch")]
    company.clock.advance(days=14)
    work(worker)
    company.patch_row("touch", pk, why="還是要去")
    work(worker)
    assert notices(company, "touch") == []
    assert company.writer.read("notice", [told])[told].is_deleted


def test_reading_a_notice_twice_apart_from_each_other_clashes_with_nothing(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    touch(company, customer(), amy, "2026-11-22", "10:00")
    company.clock.advance(hours=17)
    work(worker)
    [told] = notices(company, "touch")
    read = {"command": "see"}
    for _ in range(2):
        [written] = company.submit([Change("notice", told.id, "command", read)], amy)
        assert (written.code, written.conflicts) == (None, ())
    assert company.row("notice", told.id)["seen_at"] == to_ms(company.clock())


def test_nobody_but_the_server_makes_a_notice(company: Company, amy: Actor) -> None:
    [written] = company.submit([Change("notice", new_id(), "create", {})], amy)
    assert written.code == "forbidden"


def test_one_job_that_fails_holds_up_no_other_and_waits_longer_each_time(company: Company, worker: Worker) -> None:
    done: list[str] = []

    def handle(_tools: Any, claimed: Any) -> dict[str, Outcome]:
        if any(job.key == "broken" for job in claimed):
            raise RuntimeError("broken")
        done.extend(job.key for job in claimed)
        return {job.key: Outcome(then=(Planned(job.key + "+", "after", 5_000_000_000_000),)) for job in claimed}

    with writing(company.session) as session:
        add(session, [Planned(key, "some", 0) for key in ("a", "broken", "c")])
    worker.shop = Shop({"some": handle})
    now = to_ms(company.clock())
    worker.step()
    assert (done, jobs(company)) == (
        ["a", "c"],
        {"a+": 5_000_000_000_000, "broken": now + 5_000, "c+": 5_000_000_000_000},
    )
    company.clock.advance(seconds=5)
    worker.step()
    assert jobs(company)["broken"] == now + 5_000 + 10_000


def test_what_a_dead_worker_held_is_done_by_another_when_its_lease_is_over(
    company: Company, customer: Make, amy: Actor, worker: Worker
) -> None:
    touch(company, customer(), amy, "2026-11-22", "10:00")
    company.clock.advance(hours=17)

    class Killed(BaseException):
        pass

    handler = worker.shop.handlers["touch"]

    def die(tools: Any, claimed: Any) -> Any:
        handler(tools, claimed)  # the notice is there, its job is not over
        raise Killed

    dying = replace(worker, shop=Shop({**worker.shop.handlers, "touch": die}))
    with pytest.raises(Killed):
        dying.step()
    assert len(notices(company, "touch")) == 1
    # The notice is on its way to devices already; whatever made it waits for the lease.
    work(worker)
    assert any(key.startswith("touch:") for key in jobs(company))
    company.clock.advance(minutes=1)
    work(worker)
    assert len(notices(company, "touch")) == 1
    assert not any(key.startswith("touch:") for key in jobs(company))
