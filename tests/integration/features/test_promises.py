"""What the server adds to promises and refuses of them, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from server.features.promises.models import Promise
from server.shared.actor import OPERATOR
from server.shared.clock import to_ms
from server.shared.ids import new_id
from server.shared.writer import Change
from tests.integration.features.conftest import Company

Make = Callable[..., str]
CLOSING: dict[str, Any] = {"closed_at": None, "closing_note": None, "kept_interaction_id": None}


@pytest.fixture
def promised(company: Company, customer: Make) -> tuple[str, dict[str, Any]]:
    """A customer, and what a promise to them holds."""
    pk, owner = customer(), company.person("林佳穎")
    due = {"due_on": "2026-11-23", "due_time": "18:00"}
    return pk, {"customer_id": pk, "what": "寄報價單", "owner_id": owner.person_id, "state": "open", **CLOSING, **due}


def park_of(company: Company, fields: dict[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    written = company.submit([Change("promise", new_id(), "create", fields)])[0]
    return written.code, written.fields


def test_promise_is_signed_and_has_its_row(company: Company, promised: tuple[str, dict[str, Any]]) -> None:
    amy = company.person("陳柏翰")
    pk = company.create("promise", amy, **promised[1])
    row = company.row("promise", pk)
    assert (row["person_id"], row["created_at"]) == (amy.person_id, to_ms(company.clock()))
    found = company.session.get_one(Promise, pk)
    assert (found.what, found.due_on, found.due_time, found.state) == ("寄報價單", "2026-11-23", "18:00", "open")
    assert company.scope("promise", pk) == company.scope("customer", promised[0])


def test_promise_for_a_disabled_colleague_parks_with_the_name(
    company: Company, promised: tuple[str, dict[str, Any]]
) -> None:
    bob = company.person("陳柏翰")
    pk = company.create("promise", **promised[1])
    company.patch_row("person", bob.person_id, is_active=False)
    written = company.patch_row("promise", pk, owner_id=bob.person_id)
    assert (written.code, written.fields, written.params["name"]) == ("assignee_disabled", ("owner_id",), "陳柏翰")


def test_promise_of_a_colleague_disabled_later_can_still_be_closed(
    company: Company, promised: tuple[str, dict[str, Any]]
) -> None:
    pk = company.create("promise", **promised[1])
    company.patch_row("person", promised[1]["owner_id"], is_active=False)
    kept: dict[str, Any] = CLOSING | {"state": "kept", "closed_at": 5}
    assert company.patch_row("promise", pk, **kept).code is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"what": " \n"}, ("what",)),
        ({"what": None}, ("what",)),
        ({"state": "dropped", **CLOSING}, ("closing_note",)),
        (CLOSING | {"state": "open", "closed_at": 5}, ("closed_at",)),
        ({"due_on": "2026-02-30", "due_time": None}, ("due_on",)),
        ({"due_on": "2026-11-23", "due_time": "25:00"}, ("due_time",)),
        ({"state": "broken", **CLOSING}, ("state",)),
    ],
)
def test_what_makes_no_sense_parks(
    company: Company, promised: tuple[str, dict[str, Any]], fields: dict[str, Any], wrong: tuple[str, ...]
) -> None:
    assert park_of(company, promised[1] | fields) == ("invalid_value", wrong)


def test_half_of_a_due_moment_parks(company: Company, promised: tuple[str, dict[str, Any]]) -> None:
    pk = company.create("promise", **promised[1])
    assert company.patch_row("promise", pk, due_on="2026-11-24").code == "group_incomplete"


def test_promise_names_only_people_and_visits_of_its_customer(
    company: Company, customer: Make, promised: tuple[str, dict[str, Any]]
) -> None:
    there = customer("乙")
    stranger = company.create("contact", customer_id=there, name="王")
    visit = company.create("interaction", OPERATOR, customer_id=there, channel="call", started_at=5)
    fields = promised[1] | {"contact_id": stranger, "interaction_id": visit}
    assert park_of(company, fields) == ("invalid_value", ("contact_id", "interaction_id"))


def test_it_can_be_kept_by_a_visit_and_opened_again(company: Company, promised: tuple[str, dict[str, Any]]) -> None:
    customer_id, fields = promised
    visit = company.create("interaction", OPERATOR, customer_id=customer_id, channel="call", started_at=5)
    pk = company.create("promise", **fields, interaction_id=visit)
    kept: dict[str, Any] = CLOSING | {"state": "kept", "closed_at": 9, "kept_interaction_id": visit}
    assert company.patch_row("promise", pk, **kept).code is None
    assert company.row("promise", pk)["kept_interaction_id"] == visit
    assert company.patch_row("promise", pk, **CLOSING, state="open").code is None
    assert company.row("promise", pk)["state"] == "open"


def test_two_answers_to_how_it_ended_are_never_mixed(company: Company, promised: tuple[str, dict[str, Any]]) -> None:
    pk = company.create("promise", **promised[1])
    rev = company.writer.read("promise", [pk])[pk].rev
    amy, bob = company.person("林佳穎"), company.person("陳柏翰")
    answers = {
        amy: CLOSING | {"state": "kept", "closed_at": 9},
        bob: CLOSING | {"state": "dropped", "closed_at": 8, "closing_note": "客戶不要了"},
    }
    for actor, answer in answers.items():
        change = Change("promise", pk, "patch", answer, rev)
        assert company.writer.submit(actor, [change], writer=actor.person_id)[0].code is None
    row = company.row("promise", pk)
    assert {name: row.get(name) for name in ("state", *CLOSING)} in answers.values()
