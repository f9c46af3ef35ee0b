"""Text merging: nobody's passage is ever lost, and one side alone is taken as it is."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sync.core.text import Hunk, diff, merge3
from tests.unit.core.strategies import notes

caps = st.integers(0, 60)


def patched(text: str, hunks: list[Hunk]) -> str:
    for hunk in reversed(hunks):
        text = text[: hunk.start] + hunk.text + text[hunk.end :]
    return text


@given(notes, notes, caps)
def test_hunks_turn_one_text_into_the_other_whatever_the_cap(a, b, cap):
    assert patched(a, diff(a, b, cap)) == b


@given(notes, notes)
def test_hunks_are_four_points_apart(a, b):
    hunks = diff(a, b)
    assert all(y.start - x.end >= 4 for x, y in pairwise(hunks))


@given(notes, notes)
def test_a_diff_changes_no_more_than_the_middle(a, b):
    hunks = diff(a, b)
    assert all(a[hunk.start : hunk.end] != hunk.text for hunk in hunks)


@given(notes, notes)
def test_a_change_of_one_side_is_taken_as_it_is(base, changed):
    assert merge3(base, changed, base) == (changed, False)
    assert merge3(base, base, changed) == (changed, False)
    assert merge3(base, changed, changed) == (changed, False)


@given(notes, notes, notes, caps | st.just(1_000_000))
def test_merging_never_loses_a_passage(base, current, new, cap):
    merged, _ = merge3(base, current, new, cap)
    for side in (current, new):
        for hunk in diff(base, side, cap):
            assert hunk.text in merged


@given(notes, notes, notes)
def test_marks_are_reported(base, current, new):
    merged, overlapped = merge3(base, current, new)
    assert overlapped == ("⟪" in merged)


def test_a_long_rewrite_ends_in_one_replacement_instead_of_a_long_search():
    hunks = diff("<" + "a" * 3000 + ">", "<" + "b" * 3000 + ">")
    assert hunks == [Hunk(1, 3001, "b" * 3000)]
