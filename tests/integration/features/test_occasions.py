"""Occasions ask for contacts, once each, by what the company decided; on both databases."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from server.errors import DomainError
from server.features.occasions import services
from server.features.occasions.cli import occasion
from server.features.occasions.models import Anniversary
from server.shared.db import reading
from server.shared.writer import Change
from sync.core.ids import uuid5
from tests.integration.features.conftest import Company

Make = Callable[..., str]
TODAY = date(2026, 11, 22)
SPRING = date(2027, 1, 26)


@pytest.fixture
def run(company: Company) -> Callable[..., str]:
    def call(*arguments: str) -> str:
        company.session.rollback()
        result = CliRunner().invoke(occasion, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return call


def asked(company: Company, today: date = TODAY) -> list[services.Asked]:
    with reading(company.session) as session:
        return services.asked(session, today)


def born(calendar: str, month: int, day: int, year: int | None = None) -> dict[str, Any]:
    return {"birthday_kind": calendar, "birthday_month": month, "birthday_day": day, "birthday_year": year}


def park_of(company: Company, entity: str, **fields: Any) -> tuple[str | None, tuple[str, ...]]:
    written = company.submit([Change(entity, "01900000-0000-7000-8000-000000000001", "create", fields)])
    return written[0].code, written[0].fields


def test_a_birthday_asks_for_one_contact_under_the_id_that_all_compute(company: Company, customer: Make) -> None:
    pk = customer()
    contact = company.create("contact", customer_id=pk, name="王建宏", **born("solar", 11, 27, 1970))
    company.create("contact", customer_id=pk, name="李", **born("solar", 12, 30))
    (one,) = asked(company)
    assert one.touch_id == uuid5(contact, f"{pk}/2026-11-27")
    assert (one.customer_id, one.contact_id, one.label, one.on) == (pk, contact, "王建宏", "2026-11-27")
    assert (one.due.due_from_on, one.due.due_to_on) == ("2026-11-20", "2026-11-27")


def test_a_lunar_birthday_is_asked_for_on_this_years_day(company: Company, customer: Make) -> None:
    company.create("contact", customer_id=customer(), name="王", **born("lunar", 10, 20))
    assert [one.on for one in asked(company)] == ["2026-11-28"]


def test_an_impossible_birthday_is_refused_and_an_old_one_bars_no_other_edit(company: Company, customer: Make) -> None:
    pk = customer()
    for wrong, field in (
        (born("lunar", 1, 31), "birthday_day"),
        (born("lunar_leap", 1, 5), "birthday_kind"),
        (born("lunar_leap", 6, 5, 2026), "birthday_year"),
        (born("solar", 2, 29, 2026), "birthday_year"),
    ):
        fields = {"customer_id": pk, "name": "王", **wrong}
        assert park_of(company, "contact", **fields) == ("invalid_value", (field,))
    contact = company.create("contact", customer_id=pk, name="王", **born("lunar_leap", 6, 5, 2025))
    assert company.patch_row("contact", contact, title="經理").status == "applied"


def test_an_anniversary_needs_a_day_that_there_is(company: Company, customer: Make) -> None:
    pk = customer()
    plain: dict[str, Any] = {"customer_id": pk, "label": "創立", "calendar": "solar"}
    assert park_of(company, "anniversary", **plain, month=2, day=30, year=None) == ("invalid_value", ("day",))
    assert park_of(company, "anniversary", **plain, month=2, day=None, year=None) == ("invalid_value", ("day",))
    made = company.create("anniversary", **plain, month=11, day=29, year=1990)
    assert company.session.get_one(Anniversary, made).label == "創立"
    company.session.rollback()
    (one,) = asked(company)
    assert (one.label, one.on, one.due.due_to_on) == ("創立", "2026-11-29", "2026-11-27")


def test_a_festival_asks_for_the_tiers_that_are_greeted(company: Company, customer: Make) -> None:
    good, _small = customer("甲", tier="A"), customer("乙", tier="C")
    assert [(one.rule.key, one.customer_id, one.on) for one in asked(company, SPRING)] == [
        ("spring_festival", good, "2027-02-06")
    ]


def test_a_company_switches_festivals_and_adds_its_own_day(run: Callable[..., str], company: Company, customer: Make):
    tagged = customer("甲", tier="D", tags={"add": ["貴賓"]})
    customer("乙", tier="D")
    run("set", "spring_festival", "--off")
    assert asked(company, SPRING) == []
    run("set", "春節", "--on", "--lead", "20", "--tag", "貴賓", "--channel", "visit")
    (one,) = asked(company, date(2027, 1, 17))
    assert (one.customer_id, one.rule.channel, one.rule.lead_days) == (tagged, "visit", 20)
    run("reset", "spring_festival")
    assert asked(company, SPRING) == []
    run("add", "廠慶", "11-25", "--lead", "3")
    assert [one.rule.name("en") for one in asked(company)] == ["廠慶", "廠慶"]
    assert "廠慶\t" in run("list")
    run("reset", "廠慶")
    assert asked(company) == []


def test_a_day_that_no_year_has_is_refused(company: Company) -> None:
    result = CliRunner().invoke(occasion, ["add", "廠慶", "02-30"])
    assert isinstance(result.exception, DomainError)
    assert result.exception.code == "no_such_day"
    assert isinstance(CliRunner().invoke(occasion, ["add", "廠慶", "tomorrow"]).exception, SystemExit)


def test_a_lost_customer_is_left_alone(company: Company, customer: Make) -> None:
    company.create("contact", customer_id=customer(stage="lost"), name="王", **born("solar", 11, 27))
    assert asked(company) == []


def test_what_somebody_acted_on_is_asked_for_no_more(company: Company, customer: Make) -> None:
    amy, pk = company.person("林佳穎"), customer()
    company.create("contact", customer_id=pk, name="王", **born("solar", 11, 27))
    (one,) = asked(company)
    window = {"due_from_on": one.due.due_from_on, "due_to_on": one.due.due_to_on, "due_time": None}
    plain = {"customer_id": pk, "assignee_id": amy.person_id, "channel": "call", "state": "done"}
    company.submit([Change("touch", one.touch_id, "create", {**plain, **window})], amy)
    with reading(company.session) as session:
        assert services.still_asked(session, TODAY) == []
    assert asked(company) == [one]
