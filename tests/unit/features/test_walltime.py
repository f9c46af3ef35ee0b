"""A wall time of the company's calendar means one moment, whatever its clocks do that day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from server.features.reminders.walltime import day_of, moment, next_day


@pytest.mark.parametrize(
    ("zone", "on", "at", "utc"),
    [
        ("Asia/Taipei", "2026-11-23", "07:30", "2026-11-22T23:30"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30"),  # skipped: 03:30 by the new reckoning
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # shown twice: the first
        ("Asia/Beirut", "2026-03-29", "00:00", "2026-03-28T22:00"),  # a midnight that does not exist
    ],
)
def test_a_wall_time_is_one_moment(zone: str, on: str, at: str, utc: str) -> None:
    found = moment(date.fromisoformat(on), at, ZoneInfo(zone))
    assert datetime.fromtimestamp(found / 1000, UTC).strftime("%Y-%m-%dT%H:%M") == utc


def test_the_day_begins_where_the_company_is() -> None:
    late = int(datetime(2026, 11, 21, 16, 30, tzinfo=UTC).timestamp() * 1000)
    assert day_of(late, ZoneInfo("Asia/Taipei")) == date(2026, 11, 22)
    assert next_day(date(2026, 12, 31)) == date(2027, 1, 1)
