"""Writing an import, writing it again, and writing it after the files or the rows have changed."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from server.errors import DomainError
from server.features.importing import memory
from server.features.territories.services import UNASSIGNED_ID
from server.shared.actor import Actor
from server.shared.db import reading
from server.shared.scope import granted_scopes, territory_scope
from server.shared.writer import Change, TransactionTooLargeError
from tests.factories.old_system import FILES
from tests.integration.importing.conftest import Office

FIRMS = FILES["firms.csv"]
ROWS = 3 + 2 + 3 + 2 + 2 + 1  # people, regions, patches, customers, sites, contacts


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, call: int, *, after: bool = False) -> None:
    """Die at the n-th call of a function, before or after it did its work."""
    real, calls = getattr(owner, name), iter(range(1, 1_000))

    def dying(*args: Any, **options: Any) -> Any:
        dies = next(calls) == call
        if dies and not after:
            raise Killed
        result = real(*args, **options)
        if dies:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, dying)


def test_a_first_import_writes_every_row_once_under_its_plan(office: Office):
    outcome = office.run()
    assert (outcome.rows["new"], outcome.conflicts, outcome.is_resumed) == (ROWS, 0, False)
    for entity in ("customer", "site", "contact"):
        assert office.row(entity, "F1")["plan_id"] == outcome.plan_id
        assert office.seen(entity, "F1").rev[1] == 1
    assert office.count("SELECT count(DISTINCT txn) FROM change_txn WHERE plan_id IS NOT NULL") == 3 + 2 + 3 + 2


def test_a_customer_and_its_children_are_one_transaction(office: Office):
    office.run()
    pks = ", ".join(f"'{office.pk(entity, 'F1')}'" for entity in ("customer", "site", "contact"))
    assert office.count(f"SELECT count(DISTINCT txn) FROM change_log WHERE pk IN ({pks})") == 1


def test_a_rep_sees_their_own_patch_and_the_manager_all_of_them(office: Office):
    office.run()
    patches = {territory_scope(office.pk("patch", key)) for key in ("1", "3", "10")}
    with reading(office.session) as session:
        rep = granted_scopes(session, office.pk("person", "1"))
        manager = granted_scopes(session, office.pk("person", "3"))
    assert rep & patches == {territory_scope(office.pk("patch", "1"))}
    assert manager >= patches


def test_a_second_import_of_the_same_files_writes_nothing(office: Office):
    office.run()
    before = office.log_rows
    outlook = office.importing.look(office.plan()[0])
    assert outlook.is_nothing
    assert {kind for count in outlook.counts.values() for kind in count} == {"same"}
    assert not office.run().rows
    assert office.log_rows == before


def test_changed_files_write_only_what_differs(office: Office):
    first = office.run()
    before = office.log_rows
    outcome = office.run(firms=FIRMS.replace("食品;零售", "食品;批發").replace("第二行", "第三行"))
    assert outcome.rows == {"changed": 1}
    assert office.log_rows == before + 1
    fields = office.row("customer", "F1")
    assert (fields["tags"], fields["notes"]) == (["批發", "食品"], "第一行\n第三行")
    assert fields["plan_id"] == first.plan_id


def test_a_cell_that_became_empty_empties_its_field(office: Office):
    office.run()
    office.run(firms=FIRMS.replace("5000,月結", ","))
    assert {"credit_limit_minor", "payment_terms"}.isdisjoint(office.row("customer", "F1"))


def test_what_a_rep_edited_stays_when_the_files_did_not_change_it(office: Office):
    office.run()
    office.edit("customer", "F1", name="大同商行（總店）")
    office.run(firms=FIRMS.replace("F1,大同商行,1", "F1,大同商行,2"))
    fields = office.row("customer", "F1")
    assert (fields["name"], fields["tier"]) == ("大同商行（總店）", "B")
    assert office.conflicts == 0


def test_a_value_that_both_changed_becomes_a_conflict_with_both_in_it(office: Office):
    office.run()
    office.edit("customer", "F1", name="大同商行（總店）")
    outcome = office.run(firms=FIRMS.replace("大同商行", "大同公司"))
    assert (outcome.conflicts, office.conflicts) == (1, 1)
    assert "大同商行（總店）" in office.conflict
    assert "大同公司" in office.conflict


def test_an_address_that_both_changed_waits_for_a_person(office: Office):
    office.run()
    place = dict.fromkeys(("city", "district", "postal_code", "country"))
    office.edit("site", "F1", address="新北市", lat_e7=250_000_000, lon_e7=1_214_000_000, **place)
    assert office.run(firms=FIRMS.replace("大安路1號", "大安路2號")).conflicts == 1
    assert office.row("site", "F1")["address"] == "新北市"
    (candidate,) = json.loads(office.conflict)["candidates"]
    assert "2號" in candidate["value"]["address"]
    assert candidate["value"]["lat_e7"] is None, "another address with this point would lead there"


def test_notes_that_both_changed_keep_both(office: Office):
    office.run()
    pk, seen = office.pk("customer", "F1"), office.seen("customer", "F1")
    notes = {"notes": "第一行\n第二行\n業務加的"}
    office.submit(Change("customer", pk, "patch", notes, seen.rev, {"notes": "第一行\n第二行"}))
    office.run(firms=FIRMS.replace("第一行", "第一列"))
    assert office.row("customer", "F1")["notes"] == "第一列\n第二行\n業務加的"


def test_a_customer_that_was_moved_since_stays_there_and_the_report_says_so(office: Office):
    office.run()
    office.edit("customer", "F1", territory_id=UNASSIGNED_ID)
    orders = "id,firm,who,on\n1,F1,10,2024-01-02\n"
    outlook = office.importing.look(office.plan(orders=orders)[0])
    assert [one.code for one in outlook.notices] == ["import_note_edited"]
    office.run(orders=orders)
    assert office.row("customer", "F1")["territory_id"] == UNASSIGNED_ID
    assert office.importing.look(office.plan(orders=orders)[0]).notices == ()


def test_a_customer_that_nobody_moved_follows_its_orders(office: Office):
    office.run()
    office.run(orders="id,firm,who,on\n1,F1,10,2024-01-02\n")
    assert office.row("customer", "F1")["territory_id"] == office.pk("patch", "10")
    assert office.seen("site", "F1").scope == territory_scope(office.pk("patch", "10"))


def test_a_row_that_a_person_deleted_is_not_made_again(office: Office):
    office.run()
    office.submit(Change("contact", office.pk("contact", "F1"), "delete", {}, office.seen("contact", "F1").rev))
    changed = FIRMS.replace("陳先生", "陳經理")
    assert [one.code for one in office.importing.look(office.plan(firms=changed)[0]).notices] == ["import_note_deleted"]
    office.run(firms=changed)
    assert office.seen("contact", "F1").is_deleted


def test_rows_that_left_the_files_stay_and_are_counted(office: Office):
    office.run()
    shorter = "\n".join(FIRMS.splitlines()[:-1]) + "\n"
    outlook = office.importing.look(office.plan(firms=shorter)[0])
    (notice,) = outlook.notices
    assert (notice.code, notice.details["count"]) == ("import_note_gone", 2)


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("at", [4, 9])
def test_a_broken_off_import_goes_on_under_the_same_plan(office: Office, monkeypatch, at: int, is_after: bool):
    with monkeypatch.context() as patch:
        kill_at(patch, memory, "remember", at, after=is_after)
        with pytest.raises(Killed):
            office.run()
    plan_id = memory.find_unfinished(office.session, office.plan()[1])
    outcome = office.run()
    assert (outcome.plan_id, outcome.is_resumed) == (plan_id, True)
    revs = [office.seen(entity, "F1").rev[1] for entity in ("customer", "site", "contact")]
    assert revs == [1, 1, 1]
    assert office.importing.look(office.plan()[0]).is_nothing
    assert office.undo(outcome.plan_id).removed == ROWS


def test_an_edit_between_the_kill_and_going_on_is_not_overwritten(office: Office, monkeypatch):
    with monkeypatch.context() as patch:
        kill_at(patch, memory, "remember", 9)  # F1 is written, but not yet remembered
        with pytest.raises(Killed):
            office.run()
    office.edit("customer", "F1", name="大同商行（總店）")
    outcome = office.run()
    assert office.row("customer", "F1")["name"] == "大同商行（總店）"
    assert office.conflicts == 0
    assert "customer" in {one.entity for one in office.undo(outcome.plan_id).kept}


def test_other_files_after_a_kill_are_another_plan(office: Office, monkeypatch):
    with monkeypatch.context() as patch:
        kill_at(patch, memory, "remember", 5)
        with pytest.raises(Killed):
            office.run()
    outcome = office.run(firms=FIRMS.replace("大同商行", "大同公司"))
    assert not outcome.is_resumed
    assert outcome.rows["new"] == ROWS - 4


def test_a_row_that_the_server_refuses_stops_the_import_with_its_place(office: Office):
    plan, mark = office.plan(firms=FIRMS)
    plan.units[-1][0].fields["tier"] = "Z"
    with pytest.raises(DomainError) as caught:
        office.importing.write(plan, mark, "公司", office.clock())
    assert (caught.value.code, caught.value.details["place"]) == ("import_stopped", "firms.csv:5")
    assert "tier" in caught.value.details["reason"]
    outcome = office.run()
    assert (outcome.is_resumed, outcome.rows["new"]) == (True, 2)


def test_a_transaction_that_is_too_large_stops_the_import(office: Office, monkeypatch):
    office.run()
    plan, mark = office.plan(firms=FIRMS.replace("大同商行", "大同公司"))
    real = office.importing.writer.submit

    def refuse(actor: Actor, changes: Sequence[Change], *rest: Any, **options: Any) -> Any:
        if changes and changes[0].entity == "customer":
            raise TransactionTooLargeError
        return real(actor, changes, *rest, **options)

    monkeypatch.setattr(office.importing.writer, "submit", refuse)
    with pytest.raises(DomainError) as caught:
        office.importing.write(plan, mark, "公司", office.clock())
    assert (caught.value.code, caught.value.details["place"]) == ("import_stopped", "firms.csv:2")
