"""When the company is open, and by when what was promised just now is to be done, the same on every device.

Dates and times are of the company's zone, `YYYY-MM-DD` and `HH:MM`; the caller knows what they are now. Wall
times only are compared: a night on which the clocks change is as long as any other.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from sync.core.lateness import Due, minutes_of

LEAST_MINUTES: Final = 60
"""Of business that must be left today: whoever promises in the last hour means the next business day."""
FARTHEST_DAYS: Final = 366
"""So far ahead an open day is looked for: a calendar without one in a year is a mistake, not a holiday."""

_HOURS: Final = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII)


class Hours(NamedTuple):
    """From when to when the company is open on a day."""

    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week` has the hours of each weekday, Monday first, as `09:00-18:00`; "" is closed.

    On a date in `opened` its own hours hold, whatever else is said of it; one in `closed` has none.
    """

    week: Sequence[str]
    closed: Set[str]
    opened: Mapping[str, str]


USUAL: Final = Calendar(("09:00-18:00",) * 5 + ("", ""), frozenset(), {})
"""Of a company whose own calendar is not known yet."""


def parse_hours(text: str) -> Hours | None:
    """Read `09:00-18:00`; None for a closed day, which is also what nonsense is."""
    found = _HOURS.fullmatch(text)
    hours = Hours(found[1], found[2]) if found else None
    return hours if hours and hours.opens < hours.closes else None


def hours_on(calendar: Calendar, on: str) -> Hours | None:
    """Return the hours of a date, None when the company is closed."""
    own = calendar.opened.get(on)
    if own is not None:
        return parse_hours(own)
    weekday = date.fromisoformat(on).weekday()
    if on in calendar.closed or weekday >= len(calendar.week):
        return None
    return parse_hours(calendar.week[weekday])


def next_open_day(calendar: Calendar, after_on: str) -> str | None:
    """Return the first open date after another, None when there is none within a year."""
    after = date.fromisoformat(after_on)
    days = ((after + timedelta(days=ahead)).isoformat() for ahead in range(1, FARTHEST_DAYS + 1))
    return next((on for on in days if hours_on(calendar, on)), None)


def due_by_same_day_rule(calendar: Calendar, now_on: str, now_time: str) -> Due:
    """Return by when what is promised now is to be done: when business ends today, while there is time for it.

    That is as long as LEAST_MINUTES are left. Later, and on a closed day, it is the end of the next business
    day: the morning after would be sooner than what is promised at nine. Never on a holiday, unless the
    calendar has nothing else within a year: then it is tomorrow.
    """
    today = hours_on(calendar, now_on)
    if today and minutes_of(today.closes) - minutes_of(now_time) >= LEAST_MINUTES:
        return Due(now_on, today.closes)
    following = next_open_day(calendar, now_on)
    if following is None:
        return Due((date.fromisoformat(now_on) + timedelta(days=1)).isoformat(), None)
    return end_of(calendar, following)


def end_of(calendar: Calendar, on: str) -> Due:
    """Return the end of business on a date; of a closed one, the end of the day."""
    hours = hours_on(calendar, on)
    return Due(on, hours.closes if hours else None)
