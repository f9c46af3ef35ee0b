"""The lunar calendar against an independent one, there and back."""

from datetime import date, timedelta

import pytest
from borax.calendars.lunardate import LCalendars
from borax.calendars.lunardate import LunarDate as OtherDate
from hypothesis import given
from hypothesis import strategies as st

from sync.core import lunar
from sync.core.lunar import FIRST_YEAR, LAST_YEAR, LunarDate

# Months whose new moon falls within minutes of midnight, and on which calendars differ by a day.
DISPUTED = {(2057, 9), (2089, 8), (2097, 7)}
days = st.dates(date(1900, 1, 31), date(2101, 1, 28))


@given(days)
def test_a_day_has_one_lunar_date_and_comes_back(on):
    found = lunar.to_lunar(on.isoformat())
    assert found
    assert lunar.to_solar(found) == on.isoformat()


@given(days)
def test_the_next_day_is_the_next_lunar_day_or_the_first_of_a_month(on):
    found, after = lunar.to_lunar(on.isoformat()), lunar.to_lunar((on + timedelta(days=1)).isoformat())
    assert found
    assert after is None or after.day in {found.day + 1, 1}
    assert after is None or after.day != 1 or found.day in {29, 30}


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_months_begin_on_the_days_of_an_independent_calendar(year):
    for month, _, is_leap in LCalendars.iter_year_month(year):
        other = OtherDate(year, month, 1, is_leap).to_solar_date()
        ours = lunar.to_solar(LunarDate(year, month, 1, bool(is_leap)))
        is_disputed = (year, month) in DISPUTED
        assert ours == (other - timedelta(days=1) if is_disputed else other).isoformat()


def test_a_year_has_twelve_months_or_thirteen():
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        leap = lunar.leap_month(year)
        ordinary = [lunar.month_days(year, month) for month in range(1, 13)]
        total = sum(ordinary) + (lunar.month_days(year, leap, is_leap=True) if leap else 0)
        assert 353 <= total <= 355 if not leap else 383 <= total <= 385
