"""A customer's header follows its timeline, however the timeline changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from server.features.interactions.services import roll_up, summarise
from server.shared.registry import Fields, Proposal

NOW = 1_800_000_000_000


@dataclass
class Timeline:
    """A lookup that knows one customer's interactions."""

    rows: list[Fields] = field(default_factory=list)
    now_ms: int = NOW
    session: Any = None

    def row(self, entity: str, pk: str) -> Fields | None:
        raise AssertionError(f"{entity} {pk} was read")

    def children(self, entity: str, root_pk: str) -> Sequence[Fields]:
        assert (entity, root_pk) == ("interaction", "c")
        return self.rows


def interaction(started_at: int, **fields: Any) -> dict[str, Any]:
    row = {"customer_id": "c", "channel": "call", "outcome": "same", "person_id": "amy"}
    return row | {"started_at": started_at} | fields


def written(root: Fields, after: Fields, before: Fields | None = None, rows: Any = ()) -> Fields:
    proposal = Proposal("interaction", "i", "create", before, after, {})
    return {**root, **roll_up(root, proposal, Timeline(list(rows)))}


def test_first_contact_fills_the_header() -> None:
    assert written({}, interaction(5, channel="visit", outcome="progress")) == {
        "interaction_count": 1,
        "last_contact_at": 5,
        "last_contact_channel": "visit",
        "last_contact_by": "amy",
        "last_outcome": "progress",
    }


def test_older_contact_that_arrives_late_only_counts() -> None:
    root = written({}, interaction(9))
    assert written(root, interaction(5, channel="visit")) == {**root, "interaction_count": 2}


def test_missed_visit_counts_but_is_no_contact() -> None:
    root = written({}, interaction(5))
    after = written(root, interaction(9, outcome="missed"))
    assert (after["interaction_count"], after["last_contact_at"]) == (2, 5)


def test_void_of_the_last_contact_brings_the_one_before() -> None:
    old, last = interaction(5), interaction(9, channel="visit")
    void = last | {"voided": True}
    root = written(written({}, old), last)
    assert written(root, void, before=last, rows=[old, void]) == written({}, old)


def test_void_of_the_only_contact_empties_the_header() -> None:
    only = interaction(5)
    void = only | {"voided": True}
    after = written(written({}, only), void, before=only, rows=[void])
    assert after["interaction_count"] == 0
    assert after["last_contact_at"] is None
    assert after["last_outcome"] is None


def test_clock_a_year_ahead_does_not_freeze_the_header() -> None:
    root = written({}, interaction(NOW + 31_536_000_000))
    assert root["last_contact_at"] == NOW
    assert written(root, interaction(NOW))["interaction_count"] == 2


def test_one_by_one_and_all_at_once_agree() -> None:
    rows = [interaction(t, outcome=o) for t, o in ((3, "same"), (9, "missed"), (7, "concern"))]
    root: Fields = {}
    for row in rows:
        root = written(root, row)
    assert summarise(rows, NOW) == root
