"""A customer's last contact on each channel: kept with every visit, and noted for rows of an older release."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from server.features.customers.models import Customer
from server.features.interactions.services import catch_up
from server.operations.check import check
from server.shared import migrate
from server.shared.clock import to_ms
from server.shared.db import db
from server.shared.registry import current_registry
from tests.integration.features.conftest import Company

Make = Callable[..., str]
FIELDS = ("last_visit_at", "last_call_at", "last_chat_at", "last_email_at")


@pytest.fixture
def customer_of_old(company: Company, customer: Make) -> str:
    """Visited at 1,000 and called at 2,000, rolled up by a release that knew no channels."""
    pk = customer()
    for channel, at in (("visit", 1_000), ("call", 2_000), ("visit", 500)):
        company.create("interaction", customer_id=pk, channel=channel, started_at=at, outcome="same")
    company.patch_row("customer", pk, **dict.fromkeys(FIELDS))
    assert told(company, pk) == [None, None, None, None]
    return pk


def told(company: Company, pk: str) -> list[Any]:
    return [company.row("customer", pk).get(name) for name in FIELDS]


def findings(company: Company) -> list[str]:
    company.session.rollback()
    return check(db.engine, current_registry())


def test_an_older_releases_customers_are_caught_up_once(company: Company, customer_of_old: str) -> None:
    now_ms = to_ms(company.clock())
    assert catch_up(company.session, company.writer, now_ms) == 1
    assert told(company, customer_of_old) == [1_000, 2_000, None, None]
    assert findings(company) == []
    rev = company.writer.read("customer", [customer_of_old])[customer_of_old].rev
    assert catch_up(company.session, company.writer, now_ms) == 0
    assert company.writer.read("customer", [customer_of_old])[customer_of_old].rev == rev


def test_whom_nobody_reached_is_not_looked_at(company: Company, customer: Make) -> None:
    company.create("interaction", customer_id=customer(), channel="visit", started_at=1, outcome="missed")
    assert catch_up(company.session, company.writer, 5) == 0


def test_what_a_newer_release_wrote_is_there_after_a_way_down_and_up(
    company: Company, customer: Make, app: Flask
) -> None:
    pk = customer(paused_until_on="2026-12-31", pause_reason="停工", visit_every_days=7)
    company.create("interaction", customer_id=pk, channel="chat", started_at=9, outcome="same")
    company.create("cadence", name="常客", channel="visit", every_days=30, lead_days=5, tags=["VIP"], stage="loyal")
    company.session.rollback()
    migrate.downgrade(db.engine, "0013_occasions")
    migrate.upgrade(db.engine)
    found = company.session.get_one(Customer, pk)
    assert (found.paused_until_on, found.visit_every_days, found.last_chat_at) == ("2026-12-31", 7, 9)
    assert findings(company) == []


@pytest.mark.parametrize("days", [0, -1, 1_831])
def test_an_own_interval_of_no_days_parks(company: Company, customer: Make, days: int) -> None:
    written = company.patch_row("customer", customer(), visit_every_days=days)
    assert (written.code, written.fields) == ("invalid_value", ("visit_every_days",))


def test_a_pause_travels_with_its_reason(company: Company, customer: Make) -> None:
    written = company.patch_row("customer", customer(), paused_until_on="2026-12-31")
    assert written.code == "group_incomplete"
