"""The calendar keeps its holidays current, and what the company says of a day stays, on both databases."""

from datetime import date

import pytest

from server.errors import DomainError
from server.features.calendar import services
from server.features.calendar.models import BusinessCalendar
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.scope import EVERYONE
from tests.integration.features.conftest import Company

TODAY = date(2026, 11, 21)
CHRISTMAS = date(2026, 12, 25)
"""行憲紀念日, a Friday."""


def renew(company: Company, today: date = TODAY, country: str = "TW") -> services.Business:
    services.renew(company.writer, OPERATOR, today, country)
    return services.current(company.writer)


def test_nobody_made_one_and_the_usual_hours_hold(company: Company) -> None:
    known = services.current(company.writer)
    assert services.is_open(known, TODAY.replace(day=23))
    assert not services.is_open(known, TODAY)


def test_taiwans_holidays_are_known_to_the_end_of_the_second_year(company: Company) -> None:
    known = renew(company)
    assert known.name_of("2026-12-25") == "行憲紀念日"
    assert {on[:4] for on in known.holidays} == {"2026", "2027", "2028"}
    assert not services.is_open(known, CHRISTMAS)
    found = company.session.get_one(BusinessCalendar, services.CALENDAR_ID)
    assert (found.holidays, found.week) == (known.holidays, list(known.week))
    assert company.scope("calendar", services.CALENDAR_ID) == EVERYONE


def test_renewing_twice_writes_once(company: Company) -> None:
    renew(company)
    before = company.writer.read("calendar", [services.CALENDAR_ID])
    renew(company)
    assert company.writer.read("calendar", [services.CALENDAR_ID]) == before


def test_the_next_year_brings_its_holidays_and_keeps_the_past(company: Company) -> None:
    renew(company)
    known = renew(company, date(2027, 1, 2))
    assert {on[:4] for on in known.holidays} == {"2026", "2027", "2028", "2029"}


def test_what_the_company_says_of_a_day_outlives_the_law(company: Company) -> None:
    renew(company)
    assert services.open_(company.writer, OPERATOR, CHRISTMAS, "") == "09:00-18:00"
    services.close(company.writer, OPERATOR, date(2026, 11, 30), "公司旅遊")
    services.set_hours(company.writer, OPERATOR, [5], "10:00-12:00")
    known = renew(company)
    assert services.is_open(known, CHRISTMAS)
    assert not services.is_open(known, date(2026, 11, 30))
    assert services.is_open(known, TODAY)
    assert (known.name_of("2026-11-30"), known.name_of("2026-12-25")) == ("公司旅遊", "")


def test_a_day_can_be_usual_again(company: Company) -> None:
    renew(company)
    services.open_(company.writer, OPERATOR, CHRISTMAS, "09:00-12:00")
    services.be_usual(company.writer, OPERATOR, CHRISTMAS)
    known = services.current(company.writer)
    assert not services.is_open(known, CHRISTMAS)
    assert known.opened == {}


def test_the_last_word_on_a_day_counts(company: Company) -> None:
    services.close(company.writer, OPERATOR, CHRISTMAS, "")
    services.open_(company.writer, OPERATOR, CHRISTMAS, "09:00-12:00")
    assert services.is_open(services.current(company.writer), CHRISTMAS)
    services.close(company.writer, OPERATOR, CHRISTMAS, "")
    assert not services.is_open(services.current(company.writer), CHRISTMAS)


def test_a_company_without_a_country_has_no_holidays(company: Company) -> None:
    assert renew(company, country="").holidays == {}


@pytest.mark.parametrize("hours", ["18:00-09:00", "9-18", "09:00-09:00"])
def test_hours_that_are_none_are_refused(company: Company, hours: str) -> None:
    with pytest.raises(DomainError) as refused:
        services.set_hours(company.writer, OPERATOR, [0], hours)
    assert refused.value.code == "invalid_hours"


def test_a_company_that_is_never_open_opens_no_day_without_hours(company: Company) -> None:
    services.set_hours(company.writer, OPERATOR, range(7), "")
    with pytest.raises(DomainError) as refused:
        services.open_(company.writer, OPERATOR, CHRISTMAS, "")
    assert refused.value.code == "invalid_hours"
    assert services.open_(company.writer, OPERATOR, CHRISTMAS, "09:00-12:00") == "09:00-12:00"


def test_a_country_that_nobody_knows_is_refused(company: Company) -> None:
    with pytest.raises(DomainError) as refused:
        renew(company, country="XX")
    assert refused.value.code == "unknown_country"


def test_only_an_admin_changes_it(company: Company) -> None:
    rep = Actor("01900000-0000-7000-8000-0000000000aa", Role.REP, None, "zh-Hant")
    with pytest.raises(DomainError) as refused:
        services.close(company.writer, rep, CHRISTMAS, "")
    assert refused.value.code == "forbidden"
