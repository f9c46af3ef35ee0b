"""A row's body is written by a faster encoder than the core's: both must give the same bytes, or refuse the same."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from server.replication.rows import to_body
from sync.core import canonical
from tests.unit.core.strategies import values

VECTORS = json.loads((Path(__file__).parents[2] / "sync" / "vectors" / "canonical.json").read_text(encoding="utf-8"))


@given(values)
def test_a_body_is_canonical(value):
    assert to_body(value) == canonical.dumps(value)


WRITTEN = [case for case in VECTORS["cases"] if case["function"] == "dumps"]


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: case["name"])
def test_a_body_is_written_or_refused_as_the_vectors_say(case):
    value = case["input"]["value"]
    if "error" in case:
        with pytest.raises(canonical.CanonicalError, match=case["error"]):
            to_body(value)
    else:
        assert to_body(value).decode() == case["expect"]


@pytest.mark.parametrize("value", [1.5, 2**53, {"a": float("nan")}, "a\x00b", {"\x00": 1}, {1: 2}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(canonical.CanonicalError):
        to_body(value)
