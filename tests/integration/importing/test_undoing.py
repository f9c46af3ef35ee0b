"""Taking an import back: only what nobody touched goes."""

import pytest

from server.errors import DomainError
from server.features.importing import memory
from server.shared.actor import Role
from server.shared.ids import new_id
from tests.factories.old_system import FILES
from tests.integration.importing.conftest import Office
from tests.integration.importing.test_writing import ROWS, Killed, kill_at

F1 = {"customer", "site", "contact"}


def kept(office: Office, plan_id: str) -> set[tuple[str, str, str]]:
    return {(one.entity, one.name, one.code) for one in office.undo(plan_id).kept}


def is_there(office: Office, entity: str, key: str) -> bool:
    return not office.seen(entity, key).is_deleted


def test_an_untouched_import_goes_whole(office: Office):
    undone = office.undo(office.run().plan_id)
    assert (undone.removed, undone.kept) == (ROWS, [])
    assert office.count("SELECT count(*) FROM customers") == 0
    assert office.count("SELECT count(*) FROM people") == 0
    assert office.count("SELECT count(*) FROM territories") == 2  # the company's root and its unassigned
    assert office.conflicts == 0


def test_a_second_undo_finds_nothing(office: Office):
    plan_id = office.run().plan_id
    office.undo(plan_id)
    undone = office.undo(plan_id)
    assert (undone.removed, undone.kept) == (0, [])


def test_a_customer_that_a_rep_edited_stays_whole_with_who_and_where_it_belongs_to(office: Office):
    plan_id = office.run().plan_id
    office.edit("contact", "F1", name="陳太太")
    assert kept(office, plan_id) == {
        ("customer", "大同商行", "import_kept_edited"),
        ("territory", "王小明", "import_kept_needed"),
        ("territory", "北區", "import_kept_needed"),
        ("person", "王小明", "import_kept_needed"),
        ("person", "林主管", "import_kept_needed"),
    }
    assert all(is_there(office, entity, "F1") for entity in F1)
    assert not is_there(office, "customer", "F2")
    assert office.row("contact", "F1")["name"] == "陳太太"


def test_a_customer_under_which_a_rep_planned_a_touch_stays(office: Office):
    plan_id = office.run().plan_id
    day = "2026-11-22"
    fields = {"channel": "visit", "state": "open", "due_from_on": day, "due_to_on": day, "due_time": None}
    office.add("touch", customer_id=office.pk("customer", "F2"), assignee_id=office.pk("person", "1"), **fields)
    assert ("customer", "和平五金", "import_kept_added") in kept(office, plan_id)
    assert is_there(office, "customer", "F2")
    assert not is_there(office, "customer", "F1")


def test_a_person_who_has_a_login_stays(office: Office, add_person):
    plan_id = office.run().plan_id
    add_person("li", Role.REP, id=office.pk("person", "10"))
    assert kept(office, plan_id) == {
        ("person", "李美", "import_kept_needed"),
        ("person", "林主管", "import_kept_needed"),
    }


def test_a_territory_that_got_another_customer_stays(office: Office):
    plan_id = office.run().plan_id
    office.add("customer", name="新客戶", territory_id=office.pk("patch", "10"))
    assert ("territory", "李美", "import_kept_needed") in kept(office, plan_id)


def test_an_undone_import_can_be_made_again(office: Office):
    first = office.run()
    office.undo(first.plan_id)
    second = office.run(firms=FILES["firms.csv"].replace("大同商行", "大同公司"))
    assert second.plan_id != first.plan_id
    assert second.rows["new"] == ROWS
    fields = office.row("customer", "F1")
    assert (fields["name"], fields["plan_id"]) == ("大同公司", second.plan_id)
    assert is_there(office, "contact", "F1")
    assert office.conflicts == 0
    assert office.undo(first.plan_id).removed == 0
    assert office.undo(second.plan_id).removed == ROWS


def test_what_the_import_itself_changed_later_goes_with_the_plan_that_made_it(office: Office):
    first = office.run()
    second = office.run(firms=FILES["firms.csv"].replace("大同商行", "大同公司"))
    assert office.undo(second.plan_id).removed == 0
    assert office.undo(first.plan_id).removed == ROWS


@pytest.mark.parametrize("is_after", [False, True])
def test_a_broken_off_undo_goes_on(office: Office, monkeypatch, is_after: bool):
    plan_id = office.run().plan_id
    with monkeypatch.context() as patch:
        kill_at(patch, memory, "remember", 2, after=is_after)
        with pytest.raises(Killed):
            office.undo(plan_id)
    office.undo(plan_id)
    assert office.count("SELECT count(*) FROM customers") == 0
    assert office.run().rows["new"] == ROWS
    assert is_there(office, "customer", "F1")


def test_an_unknown_plan_is_refused(office: Office):
    with pytest.raises(DomainError) as caught:
        office.undo(new_id())
    assert caught.value.code == "import_unknown_plan"
