"""Cursors: what the server sealed comes back whole, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core import cursor
from sync.core.cursor import CursorError
from tests.unit.core.strategies import strings, values

KEY = bytes(32)
payloads = st.dictionaries(strings, values, max_size=5)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(payloads)
def test_a_payload_comes_back(payload):
    assert cursor.unseal(cursor.seal(payload, KEY), KEY) == payload


@given(payloads, st.data())
def test_a_changed_character_is_refused(payload, data):
    text = cursor.seal(payload, KEY)
    # The last character may carry bits beyond the last byte, which mean nothing.
    place = data.draw(st.integers(0, len(text) - 2))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != text[place]]))
    with pytest.raises(CursorError):
        cursor.unseal(text[:place] + other + text[place + 1 :], KEY)


@given(payloads, st.binary(min_size=1, max_size=40))
def test_another_key_is_refused(payload, key):
    if key.rstrip(b"\0"):  # HMAC pads keys with zeros
        with pytest.raises(CursorError):
            cursor.unseal(cursor.seal(payload, KEY), key)


@given(st.text(max_size=80))
def test_any_text_is_refused_and_never_crashes(text):
    with pytest.raises(CursorError):
        cursor.unseal(text, KEY)


revs = st.tuples(st.integers(1, 3), st.integers(1, 6))
rows = st.builds(cursor.Held, st.integers(0, 2), revs)


@given(st.lists(rows, min_size=1, max_size=6), st.randoms())
def test_a_mirror_ends_with_the_newest_row_in_whatever_order_rows_come(served, random):
    random.shuffle(served)
    held = None
    for row in served:
        if cursor.takes_upsert(held, None, row, "page"):
            held = row
    assert held == max(served)
