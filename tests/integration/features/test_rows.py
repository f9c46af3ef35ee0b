"""What the server adds to rows and refuses of them, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from server.features.customers.models import Contact, Customer
from server.features.interactions.models import Interaction
from server.shared.clock import to_ms
from server.shared.writer import Change
from tests.integration.features.conftest import Company

Make = Callable[..., str]


def test_customer_gets_its_search_key_stage_and_scope(company: Company, customer: Make) -> None:
    pk = customer("長榮重工", legal_form="股份有限公司", phone="+886 4 2359-1234")
    row = company.row("customer", pk)
    assert row["fold"] == "长荣重工股份有限公司|crzg|crcg|zrzg|zrcg|0423591234"
    assert (row["stage"], row["interaction_count"]) == ("prospect", 0)
    assert row["created_at"] == to_ms(company.clock())
    assert company.scope("customer", pk) == f"territory:{row['territory_id']}"


def test_search_key_follows_the_name(company: Company, customer: Make) -> None:
    pk = customer("宏晟精密機械")
    company.patch_row("customer", pk, name="永曜塑膠")
    assert company.row("customer", pk)["fold"] == "永曜塑胶|yysj"


def test_customer_found_by_a_rep_lands_in_their_patch(company: Company) -> None:
    amy = company.person("林佳穎")
    node = company.patch("大里", amy)
    pk = company.create("customer", amy, name="新客戶")
    assert company.row("customer", pk)["territory_id"] == node.id


def test_typed_tables_follow_rows(company: Company, customer: Make) -> None:
    pk = customer("宏晟", credit_limit_minor=5, credit_currency="TWD", payment_terms=None)
    contact = company.create("contact", customer_id=pk, name="王建宏", is_met=True, influence=3)
    found = company.session.get_one(Customer, pk)
    assert (found.name, found.credit_limit_minor, found.tags) == ("宏晟", 5, None)
    met = company.session.get_one(Contact, contact)
    assert (met.customer_id, met.is_met, met.fold) == (pk, True, "王建宏|wjh")
    company.session.rollback()
    company.submit([Change("contact", contact, "delete", {}, (1, 1))])
    assert company.session.get(Contact, contact, populate_existing=True) is None


def test_absent_list_is_null_in_the_table(company: Company, customer: Make) -> None:
    customer("宏晟")
    found = company.session.execute(text("SELECT count(*) FROM customers WHERE tags IS NULL"))
    assert found.scalar_one() == 1


def log(company: Company, customer_id: str, actor: Any, **fields: Any) -> str:
    values = {"channel": "visit", "started_at": to_ms(company.clock()) - 1_000, "outcome": "same"}
    return company.create("interaction", actor, customer_id=customer_id, **values | fields)


def test_visit_is_signed_and_rolled_up(company: Company, customer: Make) -> None:
    amy, pk = company.person("林佳穎"), customer()
    visit = log(company, pk, amy, outcome="progress")
    row = company.row("interaction", visit)
    assert (row["person_id"], row["person_name"]) == (amy.person_id, "林佳穎")
    header = company.row("customer", pk)
    assert header["interaction_count"] == 1
    assert header["last_contact_at"] == row["started_at"]
    assert header["last_contact_by"] == amy.person_id
    assert (header["last_contact_channel"], header["last_outcome"]) == ("visit", "progress")


def test_void_takes_the_visit_out_of_the_header(company: Company, customer: Make) -> None:
    amy, pk = company.person("林佳穎"), customer()
    first = log(company, pk, amy, channel="call", started_at=1_000)
    second = log(company, pk, amy)
    rev = company.writer.read("interaction", [second])[second].rev
    assert company.submit([Change("interaction", second, "void", {}, rev)], amy)[0].code is None
    header = company.row("customer", pk)
    assert (header["interaction_count"], header["last_contact_at"]) == (1, 1_000)
    assert header["last_contact_channel"] == "call"
    voided = company.session.get_one(Interaction, second)
    assert (voided.voided, company.session.get_one(Interaction, first).voided) == (True, None)


def test_revised_visit_keeps_its_first_signature(company: Company, customer: Make) -> None:
    amy, pk = company.person("林佳穎"), customer()
    visit = log(company, pk, amy)
    company.clock.advance(days=1)
    rev = company.writer.read("interaction", [visit])[visit].rev
    change = Change("interaction", visit, "revise", {"outcome": "progress"}, rev)
    assert company.submit([change], amy)[0].code is None
    assert company.row("interaction", visit)["person_id"] == amy.person_id
    assert company.row("customer", pk)["last_outcome"] == "progress"


def touch(customer_id: str, **fields: Any) -> dict[str, Any]:
    values = {"channel": "call", "state": "open", "customer_id": customer_id}
    return values | {"due_from_on": "2026-11-23", "due_to_on": "2026-11-25", "due_time": None} | fields


def park_of(company: Company, entity: str, fields: dict[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    written = company.submit([Change(entity, "01900000-0000-7000-8000-000000000001", "create", fields)])
    return written[0].code, written[0].fields


def test_touch_for_a_disabled_colleague_parks_with_the_name(company: Company, customer: Make) -> None:
    bob, pk = company.person("陳柏翰"), customer()
    company.patch_row("person", bob.person_id, is_active=False)
    fields = touch(pk, assignee_id=bob.person_id)
    change = Change("touch", "01900000-0000-7000-8000-000000000001", "create", fields)
    written = company.submit([change])[0]
    assert (written.code, written.fields) == ("assignee_disabled", ("assignee_id",))
    assert written.params["name"] == "陳柏翰"


def test_touch_of_a_colleague_disabled_later_can_still_be_closed(company: Company, customer: Make) -> None:
    bob, pk = company.person("陳柏翰"), customer()
    planned = company.create("touch", **touch(pk, assignee_id=bob.person_id))
    company.patch_row("person", bob.person_id, is_active=False)
    assert company.patch_row("touch", planned, state="skipped").code is None


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("2026-11-25", "2026-11-23", "invalid_value"), ("2026-02-30", "2026-03-01", "invalid_value")],
)
def test_touch_window_must_be_one(company: Company, customer: Make, first: str, last: str, code: str) -> None:
    bob, pk = company.person("陳柏翰"), customer()
    fields = touch(pk, assignee_id=bob.person_id, due_from_on=first, due_to_on=last)
    assert park_of(company, "touch", fields)[0] == code


def test_reference_to_another_customers_row_parks(company: Company, customer: Make) -> None:
    here, there = customer("甲"), customer("乙")
    stranger = company.create("contact", customer_id=there, name="王")
    site = company.create("site", customer_id=there, name="總廠")
    contact = {"customer_id": here, "name": "李", "reports_to_id": stranger, "site_id": site}
    assert park_of(company, "contact", contact) == ("invalid_value", ("reports_to_id", "site_id"))
    met = {"customer_id": here, "channel": "call", "started_at": 5, "contact_ids": [stranger]}
    assert park_of(company, "interaction", met) == ("invalid_value", ("contact_ids",))


def test_reference_to_nothing_parks_as_missing(company: Company, customer: Make) -> None:
    nobody = "01900000-0000-7000-8000-0000000000ff"
    fields = touch(customer(), assignee_id=nobody)
    assert park_of(company, "touch", fields) == ("missing_parent", ("assignee_id",))


def test_reporting_in_a_circle_is_refused(company: Company, customer: Make) -> None:
    pk = customer()
    boss = company.create("contact", customer_id=pk, name="王")
    aide = company.create("contact", customer_id=pk, name="李", reports_to_id=boss)
    written = company.patch_row("contact", boss, reports_to_id=aide)
    assert written.code == "invalid_value" or written.conflicts
    assert company.row("contact", boss).get("reports_to_id") is None


def test_birthday_that_no_calendar_has_parks(company: Company, customer: Make) -> None:
    birthday = {"birthday_kind": "solar", "birthday_month": 2, "birthday_day": 30, "birthday_year": None}
    contact = {"customer_id": customer(), "name": "王", **birthday}
    assert park_of(company, "contact", contact) == ("invalid_value", ("birthday_day",))


def test_server_fields_are_not_a_reps_to_write(company: Company) -> None:
    # A device's own push is the contract suite's; here is only that the declaration says so.
    from server.features.customers.synced import CUSTOMER
    from sync.core.policy import check_patch

    park = check_patch(CUSTOMER, {"territory_id": "x"}, {})
    assert park is not None
    assert park.code == "read_only_field"
