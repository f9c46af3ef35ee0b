"""Search keys: the vectors that both languages run, and the size a phone has to load."""

import gzip
import json
from pathlib import Path

import pytest

from server.features.customers import fold
from server.features.customers.make_fold import render

VECTORS = json.loads(Path("sync/vectors/fold.json").read_text(encoding="utf-8"))
GZIP_LIMIT = 30_000


@pytest.mark.parametrize("case", VECTORS["text"], ids=lambda case: case["input"])
def test_text_folds_as_the_vectors_say(case: dict[str, str]) -> None:
    assert fold.fold_text(case["input"]) == case["folded"]


@pytest.mark.parametrize("case", VECTORS["phone"], ids=lambda case: case["input"])
def test_phone_folds_as_the_vectors_say(case: dict[str, str]) -> None:
    assert fold.fold_phone(case["input"]) == case["folded"]


@pytest.mark.parametrize("case", VECTORS["initials"], ids=lambda case: case["input"])
def test_initials_are_as_the_vectors_say(case: dict[str, list[str]]) -> None:
    assert fold.initials(str(case["input"])) == case["initials"]


@pytest.mark.parametrize("case", VECTORS["customer"], ids=lambda case: case["key"])
def test_customer_key_is_as_the_vectors_say(case: dict[str, dict[str, str]]) -> None:
    assert fold.customer_key(case["fields"]) == case["key"]


@pytest.mark.parametrize("case", VECTORS["contact"], ids=lambda case: case["key"])
def test_contact_key_is_as_the_vectors_say(case: dict[str, dict[str, str]]) -> None:
    assert fold.contact_key(case["fields"]) == case["key"]


@pytest.mark.parametrize("case", VECTORS["query"], ids=lambda case: case["input"])
def test_query_folds_as_the_vectors_say(case: dict[str, list[str]]) -> None:
    assert fold.query(str(case["input"])) == case["parts"]


@pytest.mark.parametrize("case", VECTORS["matches"], ids=lambda case: case["query"])
def test_query_finds_as_the_vectors_say(case: dict[str, str]) -> None:
    assert fold.matches(case["query"], case["key"]) is case["matches"]


def test_folding_twice_changes_nothing() -> None:
    for case in VECTORS["text"]:
        assert fold.fold_text(case["folded"]) == case["folded"]


def test_table_stays_small_enough_for_a_phone() -> None:
    assert len(gzip.compress(fold.TABLE.read_bytes(), 9)) <= GZIP_LIMIT


def test_table_is_what_its_sources_give() -> None:
    assert fold.TABLE.read_text(encoding="utf-8") == render(), "run make_fold again"
