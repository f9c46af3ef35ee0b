"""On which day a yearly occasion is kept, and when one begins to think of it: the same on every device (R36).

A day is given by its calendar, `solar`, `lunar` or `lunar_leap` (a day of a leap month), its month and its day. Solar
dates are `YYYY-MM-DD` of the company's zone. A year is one of the day's own calendar.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from sync.core.lunar import FIRST_YEAR, LAST_YEAR, LunarDate, month_days, to_lunar, to_solar
from sync.core.window import Window, workday_before

CALENDARS: Final = ("solar", "lunar", "lunar_leap")
GRACE_DAYS: Final = 3
"""For so long after the day a greeting still does more good than none."""
_LEAP_YEAR: Final = 2024
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Yearly:
    """A day that comes every year; `shift_days` from it (the eve of New Year is -1)."""

    calendar: str
    month: int
    day: int
    shift_days: int = 0


def exists(yearly: Yearly, year: int | None = None) -> bool:
    """Tell whether there is such a day: in that year, or without one (or with one before the table) in any."""
    if not 1 <= yearly.month <= 12 or yearly.day < 1 or yearly.calendar not in CALENDARS:
        return False
    if yearly.calendar == "solar":
        return yearly.day <= monthrange(_LEAP_YEAR if year is None else year, yearly.month)[1]
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return yearly.day <= _longest(yearly.calendar, yearly.month)
    return yearly.day <= month_days(year, yearly.month, is_leap=yearly.calendar == "lunar_leap")


def day_in(yearly: Yearly, year: int) -> str | None:
    """Return the solar date on which it is kept in a year of its calendar; None when that cannot be told.

    A day of a leap month is kept in the ordinary month of the same number where the year has no such leap month. The
    30th is kept on the last day of a month that has 29, and 29 February on the 28th of a common year.
    """
    if not exists(yearly):
        return None
    on = _solar_in(yearly, year) if yearly.calendar == "solar" else _lunar_in(yearly, year)
    return on and (date.fromisoformat(on) + timedelta(days=yearly.shift_days)).isoformat()


def next_day(yearly: Yearly, from_on: str) -> str | None:
    """Return the solar date on which it comes next, `from_on` included; None when the table has ended."""
    # A shifted day may come before its year begins, or after it has ended.
    year = _year_of(yearly.calendar, from_on)
    if year is None:
        return None
    days = (day_in(yearly, year + more) for more in (-1, 0, 1, 2))
    return min((on for on in days if on and on >= from_on), default=None)


def asked_day(yearly: Yearly, today_on: str) -> str | None:
    """Return the day that is to be thought of: the next, or the one before as long as it is not too late."""
    first = date.fromisoformat(today_on) - timedelta(days=GRACE_DAYS)
    return next_day(yearly, first.isoformat())


def window(on: str, lead_days: int) -> Window:
    """Return when to act on an occasion: from `lead_days` before it on, and on a weekend by the Friday before."""
    if lead_days < 0:
        raise ValueError("a lead is not negative")
    day = date.fromisoformat(on)
    end, begin = workday_before(day), workday_before(day - timedelta(days=lead_days))
    return Window(begin.isoformat(), end.isoformat())


def _solar_in(yearly: Yearly, year: int) -> str:
    return date(year, yearly.month, min(yearly.day, monthrange(year, yearly.month)[1])).isoformat()


def _lunar_in(yearly: Yearly, year: int) -> str | None:
    is_leap = yearly.calendar == "lunar_leap" and month_days(year, yearly.month, is_leap=True) > 0
    days = month_days(year, yearly.month, is_leap=is_leap)
    if days == 0:
        return None
    return to_solar(LunarDate(year, yearly.month, min(yearly.day, days), is_leap))


def _year_of(calendar: str, on: str) -> int | None:
    if calendar == "solar":
        return int(on[:4])
    lunar = to_lunar(on)
    return lunar and lunar.year


@cache
def _longest(calendar: str, month: int) -> int:
    """The days of the longest month of this number in the table; 0 when it is never a leap one."""
    is_leap = calendar == "lunar_leap"
    return max(month_days(year, month, is_leap=is_leap) for year in range(FIRST_YEAR, LAST_YEAR + 1))
