"""Windows of cadences: always after the last contact, never ending on a weekend."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core import window

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(days, st.integers(1, 400), st.integers(0, 60))
def test_a_window_lies_after_its_anchor_and_ends_on_a_working_day(anchor, every, lead):
    due = window.window(anchor.isoformat(), every, lead)
    begin, end = date.fromisoformat(due.due_from_on), date.fromisoformat(due.due_to_on)
    assert anchor < begin <= end
    assert end.weekday() < 5
    assert abs(end - anchor - timedelta(days=every)) <= timedelta(days=2)


@given(days, st.integers(1, 400), st.integers(0, 60), st.integers(-30, 500))
def test_no_window_begins_in_a_pause_and_one_after_it_is_as_without(anchor, every, lead, pause):
    over = (anchor + timedelta(days=pause)).isoformat()
    free, due = (window.window(anchor.isoformat(), every, lead, until) for until in (None, over))
    assert over <= due.due_from_on <= due.due_to_on
    assert due == free or free.due_from_on < over
    assert date.fromisoformat(due.due_to_on).weekday() < 5


@given(days, st.integers(1, 400))
def test_a_window_is_overdue_from_the_day_after_it(anchor, every):
    due = window.window(anchor.isoformat(), every, 0)
    after = date.fromisoformat(due.due_to_on) + timedelta(days=1)
    assert window.overdue_days(due, due.due_to_on) == 0
    assert window.overdue_days(due, after.isoformat()) == 1


@pytest.mark.parametrize(("every", "lead"), [(0, 0), (-1, 0), (7, -1)])
def test_a_cadence_without_sense_is_refused(every, lead):
    with pytest.raises(ValueError, match="cadence"):
        window.window("2026-03-02", every, lead)
