"""The same-day rule: on an open day, never in less than an hour, whatever the calendar holds."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sync.core.business import LEAST_MINUTES, USUAL, Calendar, due_by_same_day_rule, hours_on
from sync.core.lateness import Due, minutes_late

days = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat)
times = st.times().map(lambda time: time.isoformat("minutes"))


def calendar(closed: list[str]) -> Calendar:
    return Calendar(USUAL.week, frozenset(closed), {})


@given(st.lists(days, max_size=60), days, times)
def test_a_promise_is_due_on_an_open_day_and_not_within_the_hour(closed: list[str], on: str, time: str) -> None:
    days = calendar(closed)
    due = due_by_same_day_rule(days, on, time)
    assert hours_on(days, due.due_on) == ("09:00", due.due_time)
    assert minutes_late(due, on, time) == 0
    at_last = Due(on, time)
    assert minutes_late(at_last, due.due_on, due.due_time or "") >= LEAST_MINUTES


@given(st.lists(days, max_size=60), days, times, times)
def test_a_later_promise_is_never_due_sooner(closed: list[str], on: str, first: str, second: str) -> None:
    sooner, later = (due_by_same_day_rule(calendar(closed), on, time) for time in sorted((first, second)))
    assert (sooner.due_on, sooner.due_time or "") <= (later.due_on, later.due_time or "")
