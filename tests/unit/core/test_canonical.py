"""Canonical JSON: one form per value, and nothing that another language would read otherwise."""

import json

import pytest
from hypothesis import given

from sync.core import canonical
from sync.core.canonical import CanonicalError
from sync.core.state import Write
from tests.unit.core.strategies import values


@given(values)
def test_a_value_survives_writing_and_reading(value):
    assert canonical.loads(canonical.dumps(value)) == value


@given(values)
def test_any_spelling_leads_to_one_form(value):
    spelt = json.dumps(value, indent=2).encode()
    assert canonical.dumps(canonical.loads(spelt)) == canonical.dumps(value)


@given(values, values)
def test_same_means_the_same_bytes(a, b):
    assert canonical.same(a, b) == (canonical.dumps(a) == canonical.dumps(b))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("nan"), "float"),
        (float("inf"), "float"),
        (1.0, "float"),
        ("\ud83d", "lone_surrogate"),
        ({"\ud83d": 1}, "lone_surrogate"),
        ("a\x00b", "nul"),
        ([{"\x00": 1}], "nul"),
        ({1: 2}, "type"),
        (b"bytes", "type"),
        ({"a": {1, 2}}, "type"),
        (["x", object()], "type"),
    ],
)
def test_what_has_no_form_is_refused(value, code):
    with pytest.raises(CanonicalError) as caught:
        canonical.dumps(value)
    assert caught.value.code == code


def test_a_value_within_itself_is_too_deep():
    value = []
    value.append(value)
    with pytest.raises(CanonicalError) as caught:
        canonical.dumps(value)
    assert caught.value.code == "depth"


def test_a_hundred_thousand_brackets_are_too_deep_and_no_crash():
    with pytest.raises(CanonicalError) as caught:
        canonical.loads(b"[" * 100_000)
    assert caught.value.code == "depth"


def test_tuples_are_written_as_arrays():
    write = Write("m", "p", "d", 1, (2, 3), (4, 5), 6)
    assert canonical.dumps([write, ()]) == b'[["m","p","d",1,[2,3],[4,5],6],[]]'
    with pytest.raises(CanonicalError):
        canonical.dumps(write._replace(seq=1.5))
