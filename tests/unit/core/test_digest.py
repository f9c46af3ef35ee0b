"""Sums of digests: the order of rows never matters, and what is taken out is gone."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from sync.core import digest

digests = st.lists(st.integers(0, digest.MODULUS - 1), max_size=8)


@given(digests, st.randoms())
def test_rows_add_up_in_any_order(items, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert reduce(digest.add, items, 0) == reduce(digest.add, shuffled, 0)


@given(digests, st.integers(0, digest.MODULUS - 1))
def test_a_row_taken_out_leaves_the_sum_as_it_was(items, one):
    total = reduce(digest.add, items, 0)
    assert digest.subtract(digest.add(total, one), one) == total


@given(st.integers(0, digest.MODULUS - 1))
def test_a_sum_survives_its_hex_form(total):
    text = digest.to_hex(total)
    assert len(text) == 32
    assert digest.from_hex(text) == total
