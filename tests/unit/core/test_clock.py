"""Stamps: they rise whatever the clocks do, and no clock freezes or outruns anybody."""

from hypothesis import given
from hypothesis import strategies as st

from sync.core import clock
from tests.unit.core.strategies import stamps

DAY = 86_400_000
looks = st.lists(st.tuples(st.integers(0, 2**44), st.integers(0, 2**44), st.sampled_from("ab")))


@given(stamps, st.integers(0, 2**45))
def test_a_tick_is_later_than_the_last_stamp(last, wall):
    assert clock.tick(last, wall) > last


@given(looks)
def test_a_device_s_stamps_rise_however_its_clocks_jump(readings):
    state = clock.ClockState()
    for wall, mono, session in readings:
        before = state.last
        state = clock.stamped(state, clock.Reading(wall, mono, session))
        assert state.last > before


@given(stamps, st.integers(-DAY, DAY), stamps, stamps, st.integers(2**45 + 1, 2**46))
def test_an_effective_stamp_follows_what_was_seen_and_what_came_before(claimed, skew, seen, previous, receive):
    effective = clock.effective(claimed, skew, seen, previous, receive)
    assert effective > seen
    assert effective >= previous


@given(stamps, st.integers(-(10**12), 10**12), stamps, stamps, st.integers(0, 2**45))
def test_an_effective_stamp_is_never_later_than_receipt(claimed, skew, seen, previous, receive):
    assert clock.effective(claimed, skew, seen, previous, receive) <= (receive, clock.MAX_COUNT)


def test_a_clock_three_days_slow_at_edit_and_right_at_push_keeps_its_place():
    state = clock.contacted(clock.ClockState(), clock.Reading(0, 0, "page"), 3 * DAY)
    state = clock.stamped(state, clock.Reading(1000, 1000, "page"))
    edit = state.last
    state = clock.observed(state, clock.Reading(3 * DAY + 2000, 2000, "page"))
    skew = clock.skew_of(state, edit)
    assert skew is not None
    assert clock.effective(edit, skew, None, None, 4 * DAY) == (3 * DAY + 1000, 0)
