"""When a cadence asks for the next touch, the same on every device (R36).

Dates are calendar dates of the company's zone, `YYYY-MM-DD`; the caller knows today's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sync.core.ids import uuid5

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a touch is due, both included."""

    due_from_on: str
    due_to_on: str


def window(anchor_on: str, every_days: int, lead_days: int, not_before_on: str | None = None) -> Window:
    """Return the next window after the last contact (or, without one, the customer's creation).

    It ends `every_days` after the anchor and begins `lead_days` before that. An end that falls on
    a weekend moves to the Friday before, unless that is not after the anchor: then to the Monday.
    A window that would begin before `not_before_on`, the day on which a pause is over, begins on
    the first working day from then on, and ends as before or, when that was over by then,
    `lead_days` after its new beginning.
    """
    if every_days < 1 or lead_days < 0:
        raise ValueError("a cadence is at least a day long, and its lead not negative")
    anchor = date.fromisoformat(anchor_on)
    end = workday_before(anchor + timedelta(days=every_days))
    if end <= anchor:
        end = _workday_after(anchor + timedelta(days=every_days))
    begin = max(anchor + _ONE_DAY, workday_before(end - timedelta(days=lead_days)))
    if not_before_on is None or begin >= date.fromisoformat(not_before_on):
        return Window(begin.isoformat(), end.isoformat())
    return _held(end, lead_days, date.fromisoformat(not_before_on))


def is_due(due: Window, today_on: str) -> bool:
    """Tell whether the window has begun."""
    return due.due_from_on <= today_on


def overdue_days(due: Window, today_on: str) -> int:
    """Return how many days ago the window ended, 0 while it has not."""
    late = date.fromisoformat(today_on) - date.fromisoformat(due.due_to_on)
    return max(0, late.days)


def generated_pk(cadence_id: str, customer_id: str, due_from_on: str) -> str:
    """Return the id of a planned touch: whoever acts on it first, everyone names it the same."""
    return uuid5(cadence_id, f"{customer_id}/{due_from_on}")


def workday_before(day: date) -> date:
    """Return the day itself, or the Friday before a weekend."""
    return day - _ONE_DAY * max(0, day.weekday() - _SATURDAY + 1)


def _workday_after(day: date) -> date:
    return day + _ONE_DAY * (7 - day.weekday() if day.weekday() >= _SATURDAY else 0)


def _held(end: date, lead_days: int, until: date) -> Window:
    begin = _workday_after(until)
    if end < begin:
        end = max(begin, workday_before(begin + timedelta(days=lead_days)))
    return Window(begin.isoformat(), end.isoformat())
