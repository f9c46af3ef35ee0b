"""How late something is that was to be done by a moment, the same on every device.

Dates and times are of the company's zone, `YYYY-MM-DD` and `HH:MM`; the caller knows what they are now. Wall
times only are compared: a night on which the clocks change is as long as any other.
"""

from datetime import date
from typing import Final, NamedTuple

_DAY_MINUTES: Final = 24 * 60


class Due(NamedTuple):
    """By when something is to be done; without a time, by the end of the day."""

    due_on: str
    due_time: str | None


def minutes_late(due: Due, now_on: str, now_time: str) -> int:
    """Return for how many minutes it should have been done, 0 while there is time."""
    days = (date.fromisoformat(now_on) - date.fromisoformat(due.due_on)).days
    end = _DAY_MINUTES if due.due_time is None else minutes_of(due.due_time)
    return max(0, days * _DAY_MINUTES + minutes_of(now_time) - end)


def minutes_of(time: str) -> int:
    """Return the minutes from midnight to a time."""
    return int(time[:2]) * 60 + int(time[3:])
