"""Days that come every year: kept once in each year of their calendar, whatever is stored."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync.core import lunar, occasion
from sync.core.occasion import CALENDARS, Yearly

days = st.dates(date(1900, 6, 1), date(2098, 1, 1))
anything = st.builds(Yearly, st.sampled_from([*CALENDARS, "other"]), st.integers(-1, 14), st.integers(-1, 40))
real = st.builds(Yearly, st.sampled_from(CALENDARS), st.integers(1, 12), st.integers(1, 31)).filter(occasion.exists)


@given(anything, days)
def test_an_impossible_day_never_comes_and_never_fails(yearly, on):
    assert (occasion.next_day(yearly, on.isoformat()) is not None) == occasion.exists(yearly)


@given(real, days)
def test_an_occasion_comes_once_a_year(yearly, on):
    first = occasion.next_day(yearly, on.isoformat())
    assert first
    after = date.fromisoformat(first) + timedelta(days=1)
    second = occasion.next_day(yearly, after.isoformat())
    assert second
    assert timedelta(days=353) <= date.fromisoformat(second) - date.fromisoformat(first) <= timedelta(days=385)


@given(st.integers(1, 12), st.integers(1, 30), st.integers(1900, 2099))
def test_a_birthday_in_a_leap_month_is_kept_in_the_ordinary_one_of_other_years(month, day, year):
    yearly = Yearly("lunar_leap", month, day)
    assume(occasion.exists(yearly))
    on = occasion.day_in(yearly, year)
    assert on
    found = lunar.to_lunar(on)
    assert found
    assert (found.year, found.month, found.is_leap) == (year, month, lunar.leap_month(year) == month)


@given(real, days, st.integers(0, 60))
def test_an_occasion_is_to_be_acted_on_before_it_is_over(yearly, on, lead):
    day = occasion.next_day(yearly, on.isoformat())
    assert day
    due = occasion.window(day, lead)
    assert due.due_from_on <= due.due_to_on <= day
    assert date.fromisoformat(due.due_to_on).weekday() < 5


def test_a_negative_lead_is_refused():
    with pytest.raises(ValueError, match="lead"):
        occasion.window("2026-11-24", -1)
