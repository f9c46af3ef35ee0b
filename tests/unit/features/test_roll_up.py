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
    return known({**root, **roll_up(root, proposal, Timeline(list(rows)))})


def known(fields: Fields) -> Fields:
    """What is stored of them (SPEC 1.8)."""
    return {name: value for name, value in fields.items() if value is not None}


def test_first_contact_fills_the_header() -> None:
    assert written({}, interaction(5, channel="visit", outcome="progress")) == {
        "interaction_count": 1,
        "last_contact_at": 5,
        "last_visit_at": 5,
        "last_contact_channel": "visit",
        "last_contact_by": "amy",
        "last_outcome": "progress",
    }


def test_older_contact_that_arrives_late_only_counts() -> None:
    root = written({}, interaction(9))
    assert written(root, interaction(5)) == {**root, "interaction_count": 2}


def test_each_channel_keeps_its_own_last_contact() -> None:
    root = written({}, interaction(9))
    root = written(root, interaction(5, channel="visit"))
    root = written(root, interaction(12, channel="email", outcome="missed"))
    assert (root["last_call_at"], root["last_visit_at"], root.get("last_email_at")) == (9, 5, None)
    assert (root["last_contact_at"], root["last_contact_channel"]) == (9, "call")


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
    assert set(after) == {"interaction_count"}


def test_clock_a_year_ahead_does_not_freeze_the_header() -> None:
    root = written({}, interaction(NOW + 31_536_000_000))
    assert root["last_contact_at"] == NOW
    assert written(root, interaction(NOW))["interaction_count"] == 2


def test_one_by_one_and_all_at_once_agree() -> None:
    told = ((3, "same", "visit"), (9, "missed", "chat"), (7, "concern", "call"), (5, "same", "call"))
    rows = [interaction(at, outcome=outcome, channel=channel) for at, outcome, channel in told]
    root: Fields = {}
    for row in rows:
        root = written(root, row)
    assert known(summarise(rows, NOW)) == root
