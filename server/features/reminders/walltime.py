"""Wall times of the company's calendar as moments, also on days that are an hour short or long."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.shared.clock import to_ms


def moment(on: date, at: str, zone: ZoneInfo) -> int:
    """When the company's clocks show `at` (HH:MM) on a day, in milliseconds since 1970.

    Where they skip it, the moment that it would have been without the skip, which is later by their new
    reckoning; where they show it twice, the first time.
    """
    return to_ms(datetime.combine(on, time.fromisoformat(at), zone))


def day_of(now_ms: int, zone: ZoneInfo) -> date:
    """The company's calendar day at a moment."""
    return datetime.fromtimestamp(now_ms / 1000, zone).date()


def next_day(on: date) -> date:
    """The day after."""
    return on + timedelta(days=1)
