"""The Chinese lunar calendar of 1900 to 2100, from a table of its months (lunar.json, which names its source).

A lunar year goes by the solar year in which it begins. Solar dates are `YYYY-MM-DD`. What the table does not hold is
None and never an error: a date that was stored once must not break a screen.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = json.loads(Path(__file__).with_name("lunar.json").read_text(encoding="utf-8"))
_DIGITS: Final = 5
_LEAP: Final = 0xF
_FIRST_DAY: Final = date(1900, 1, 31).toordinal()
"""The New Year of the first lunar year."""

FIRST_YEAR: Final[int] = _TABLE["first_year"]
_YEARS: Final = [
    int(decade[at : at + _DIGITS], 16) for decade in _TABLE["decades"] for at in range(0, len(decade), _DIGITS)
]
LAST_YEAR: Final = FIRST_YEAR + len(_YEARS) - 1


@dataclass(frozen=True, slots=True)
class LunarDate:
    """A day of the lunar calendar; a leap month has the number of the month before it."""

    year: int
    month: int
    day: int
    is_leap: bool = False


def leap_month(year: int) -> int:
    """Return the number of a year's leap month, 0 when it has none or is not in the table."""
    return _YEARS[year - FIRST_YEAR] & _LEAP if FIRST_YEAR <= year <= LAST_YEAR else 0


def month_days(year: int, month: int, *, is_leap: bool = False) -> int:
    """Return how many days a month has, 29 or 30; 0 when there is no such month."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12 or (is_leap and leap_month(year) != month):
        return 0
    return 29 + (_YEARS[year - FIRST_YEAR] >> (16 if is_leap else 16 - month) & 1)


def to_solar(lunar: LunarDate) -> str | None:
    """Return the solar date of a lunar one; None when there is no such day."""
    if not 1 <= lunar.day <= month_days(lunar.year, lunar.month, is_leap=lunar.is_leap):
        return None
    day = _new_years()[lunar.year - FIRST_YEAR] + lunar.day - 1
    for month, is_leap, days in _months(lunar.year):
        if (month, is_leap) == (lunar.month, lunar.is_leap):
            break
        day += days
    return date.fromordinal(day).isoformat()


def to_lunar(solar_on: str) -> LunarDate | None:
    """Return the lunar date of a solar one; None before 1900-01-31 and after the table's last day."""
    day = date.fromisoformat(solar_on).toordinal()
    at = bisect_right(_new_years(), day) - 1
    if at < 0:
        return None
    year, left = FIRST_YEAR + at, day - _new_years()[at]
    for month, is_leap, days in _months(year):
        if left < days:
            return LunarDate(year, month, left + 1, is_leap)
        left -= days
    return None


@cache
def _months(year: int) -> tuple[tuple[int, bool, int], ...]:
    """The months of a year in their order: number, whether it is the leap one, days."""
    leap = leap_month(year)
    kinds = [(month, is_leap) for month in range(1, 13) for is_leap in ((False, True) if month == leap else (False,))]
    return tuple((month, is_leap, month_days(year, month, is_leap=is_leap)) for month, is_leap in kinds)


@cache
def _new_years() -> tuple[int, ...]:
    """The first day of each year of the table, as an ordinal."""
    days = [_FIRST_DAY]
    for year in range(FIRST_YEAR, LAST_YEAR):
        days.append(days[-1] + sum(length for _, _, length in _months(year)))
    return tuple(days)
