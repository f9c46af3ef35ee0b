"""Two people, one row: what merges, what waits for a person, and how that ends (SPEC 5, 6)."""

from typing import Any

import pytest

from server.shared.scope import territory_scope
from sync.wire.verify import ScopeSum
from tests.contract.world import Phone, World, new_id

A = new_id()


@pytest.fixture
def pair(world: World) -> tuple[Phone, Phone, str]:
    """Two phones of two people who both hold one thing."""
    one, two = world.phone(world.person(A)), world.phone(world.person(A))
    pk = one.create("thing", name="Tea house", phone="100", terms="net 30", notes="open", tags={"add": ["a"]})
    one.send()
    one.pull()
    two.pull()
    return one, two, pk


def open_conflicts(phone: Phone) -> list[dict[str, Any]]:
    phone.pull()
    return [c for c in phone.all("conflict") if c["state"] == "open"]


class TestMerge:
    def test_different_fields_merge_without_a_word(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.patch("thing", pk, phone="111")
        two.patch("thing", pk, terms="cash", tags={"add": ["b"]})
        assert [r.status for r in one.send() + two.send()] == ["applied", "applied"]
        row = world.row("thing", pk) or {}
        assert (row["phone"], row["terms"], row["tags"]) == ("111", "cash", ["a", "b"])

    def test_a_register_written_by_two_keeps_the_later_and_asks(self, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.patch("thing", pk, phone="111")
        two.patch("thing", pk, phone="222")
        one.send()
        [receipt] = two.send()
        [conflict] = open_conflicts(one)
        assert receipt.conflicts == [conflict["pk"]]
        assert (conflict["kind"], conflict["group"], conflict["row_pk"]) == ("register", "phone", pk)
        assert conflict["current"]["by"] == two.person
        assert [c["value"] for c in conflict["candidates"]] == [{"phone": "111"}]

    def test_an_ask_field_keeps_the_servers_value(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.patch("thing", pk, terms="net 60")
        two.patch("thing", pk, terms="cash")
        one.send()
        assert two.send()[0].status == "merged"
        assert (world.row("thing", pk) or {})["terms"] == "net 60"
        [conflict] = open_conflicts(two)
        assert (conflict["kind"], conflict["candidates"][0]["value"]) == ("ask", {"terms": "cash"})

    def test_both_paragraphs_of_a_text_stay(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.patch("thing", pk, notes="open\nfrom one")
        two.patch("thing", pk, notes="from two\nopen")
        one.send()
        two.send()
        assert (world.row("thing", pk) or {})["notes"] == "from two\nopen\nfrom one"
        assert open_conflicts(one) == []

    def test_counters_add_up(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.patch("thing", pk, count={"add": 2})
        two.patch("thing", pk, count={"add": -5})
        one.send()
        two.send()
        assert (world.row("thing", pk) or {})["count"] == -3

    def test_what_is_right_alone_and_wrong_together_is_asked(
        self, world: World, pair: tuple[Phone, Phone, str]
    ) -> None:
        one, two, pk = pair
        one.patch("thing", pk, start_on="2026-03-01")
        two.patch("thing", pk, end_on="2026-02-01")
        one.send()
        assert two.send()[0].status == "merged"
        row = world.row("thing", pk) or {}
        assert (row.get("start_on"), row.get("end_on")) == ("2026-03-01", None)
        assert open_conflicts(two)[0]["kind"] == "invariant"

    def test_two_rows_cannot_become_each_others_parent(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        other = one.create("thing", name="other")
        one.send()
        one.pull()
        two.pull()
        one.patch("thing", pk, parent_id=other)
        two.patch("thing", other, parent_id=pk)
        one.send()
        assert two.send()[0].status == "merged"
        assert "parent_id" not in (world.row("thing", other) or {})

    def test_an_incomplete_group_parks(self, pair: tuple[Phone, Phone, str]) -> None:
        one, _, pk = pair
        one.patch("thing", pk, amount=5)
        assert [(r.code, r.fields) for r in one.send()] == [("group_incomplete", ["currency"])]

    def test_two_offline_edits_of_one_phone_never_conflict(self, pair: tuple[Phone, Phone, str]) -> None:
        one, _, pk = pair
        for number in ("111", "112", "113"):
            one.patch("thing", pk, phone=number)
        assert {r.status for r in one.send()} == {"applied"}
        assert open_conflicts(one) == []

    def test_a_clock_ten_years_fast_freezes_nothing(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        fast = one.mutation("thing", pk, "patch", {"phone": "111"}, hlc=(world.now + 10**12, 0))
        one.write(fast)
        one.send()
        two.pull()
        two.patch("thing", pk, phone="222")
        assert two.send()[0].status == "applied"
        assert (world.row("thing", pk) or {})["phone"] == "222"

    def test_only_its_author_corrects_an_append_row(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        log = one.create("thing_log", thing_id=pk, said="hello")
        one.send()
        one.pull()
        two.pull()
        two.write(two.mutation("thing_log", log, "revise", {"said": "changed"}))
        assert [r.code for r in two.send()] == ["not_author"]
        one.write(one.mutation("thing_log", log, "revise", {"said": "hello again"}))
        one.write(one.mutation("thing_log", log, "void", {}))
        assert {r.status for r in one.send()} == {"applied"}
        row = world.row("thing_log", log) or {}
        assert (row["said"], row["voided"]) == ("hello again", True)

    def test_a_rollup_keeps_the_root_up_to_date(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.create("thing_log", thing_id=pk, said="a")
        two.create("thing_log", thing_id=pk, said="b")
        one.send()
        two.send()
        assert (world.row("thing", pk) or {})["log_count"] == 2

    def test_a_write_of_somebody_elses_rollup_makes_no_conflict(self, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        two.create("thing_log", thing_id=pk, said="b")
        two.send()
        one.patch("thing", pk, phone="111")
        assert one.send()[0].status == "applied"


class TestConflict:
    @pytest.fixture
    def clash(self, pair: tuple[Phone, Phone, str]) -> tuple[Phone, Phone, str]:
        """Both wrote the phone; the second won."""
        one, two, pk = pair
        one.patch("thing", pk, phone="111")
        two.patch("thing", pk, phone="222")
        one.send()
        two.send()
        one.pull()
        two.pull()
        return one, two, pk

    def test_the_loser_gets_a_receipt_without_the_winners_value(self, clash: tuple[Phone, Phone, str]) -> None:
        one, two, pk = clash
        [receipt] = one.all("conflict_receipt")
        assert (receipt["value"], receipt["state"], receipt["row_pk"]) == ({"phone": "111"}, "open", pk)
        assert "222" not in str(receipt)
        assert two.all("conflict_receipt") == []

    def test_a_third_loser_joins_the_one_open_conflict(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        three = world.phone(world.person(A))
        three.pull()
        for phone, number in ((one, "111"), (two, "222"), (three, "333")):
            phone.patch("thing", pk, phone=number)
            phone.send()
        [conflict] = open_conflicts(one)
        assert [c["value"]["phone"] for c in conflict["candidates"]] == ["111", "222"]

    def test_choosing_a_candidate_writes_it_and_closes(self, world: World, clash: tuple[Phone, Phone, str]) -> None:
        one, two, pk = clash
        [conflict] = open_conflicts(one)
        candidate = conflict["candidates"][0]["mutation"]
        one.command(
            "conflict",
            conflict["pk"],
            command="resolve",
            expected_state="open",
            choice="candidate",
            candidate=candidate,
        )
        assert one.send()[0].status == "applied"
        assert (world.row("thing", pk) or {})["phone"] == "111"
        assert open_conflicts(two) == []
        assert two.all("conflict")[0]["resolution"]["by"] == one.person
        one.pull()
        assert one.all("conflict_receipt")[0]["state"] == "resolved"

    def test_of_two_who_resolve_one_wins_and_the_other_is_told(self, clash: tuple[Phone, Phone, str]) -> None:
        one, two, _ = clash
        [conflict] = open_conflicts(one)
        two.pull()
        for phone in (one, two):
            phone.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="current")
        assert one.send()[0].status == "applied"
        assert [(r.status, r.code) for r in two.send()] == [("parked", "illegal_transition")]

    def test_reopening_undoes_the_resolution(self, world: World, clash: tuple[Phone, Phone, str]) -> None:
        one, two, pk = clash
        [conflict] = open_conflicts(one)
        options = {"command": "resolve", "expected_state": "open", "choice": "value"}
        one.command("conflict", conflict["pk"], **options, value={"phone": "999"})
        one.send()
        assert (world.row("thing", pk) or {})["phone"] == "999"
        one.pull()
        one.command("conflict", conflict["pk"], command="reopen", expected_state="resolved")
        assert one.send()[0].status == "applied"
        assert (world.row("thing", pk) or {})["phone"] == "222"
        [again] = open_conflicts(two)
        assert again["pk"] == conflict["pk"]

    def test_keeping_what_is_there_can_be_undone_and_decided_again(self, clash: tuple[Phone, Phone, str]) -> None:
        one, two, _ = clash
        [conflict] = open_conflicts(one)
        for _ in range(2):
            one.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="current")
            assert one.send()[0].status == "applied"
            assert open_conflicts(two) == []
            one.command("conflict", conflict["pk"], command="reopen", expected_state="resolved")
            assert one.send()[0].status == "applied"
            assert [again["pk"] for again in open_conflicts(two)] == [conflict["pk"]]

    def test_who_writes_unseen_after_a_decision_is_asked_anew(
        self, world: World, pair: tuple[Phone, Phone, str]
    ) -> None:
        one, two, pk = pair
        three = world.phone(world.person(A))
        three.pull()
        one.patch("thing", pk, phone="111")
        two.patch("thing", pk, phone="222")
        one.send()
        two.send()
        [conflict] = open_conflicts(one)
        one.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="current")
        one.send()
        three.patch("thing", pk, phone="333")
        assert three.send()[0].status == "merged"
        [anew] = open_conflicts(one)
        assert anew["pk"] != conflict["pk"]

    def test_reopening_undoes_the_resolution_under_a_delete_too(
        self, world: World, clash: tuple[Phone, Phone, str]
    ) -> None:
        one, _, pk = clash
        [conflict] = open_conflicts(one)
        options = {"command": "resolve", "expected_state": "open", "choice": "value"}
        one.command("conflict", conflict["pk"], **options, value={"phone": "999"})
        one.send()
        one.pull()
        one.delete("thing", pk)
        one.send()
        one.command("conflict", conflict["pk"], command="reopen", expected_state="resolved")
        assert one.send()[0].status == "applied"
        assert (world.row("thing", pk) or {})["phone"] == "222"

    @pytest.mark.parametrize(
        ("value", "why"),
        [
            ({"phone": 5}, ("wrong_type", ["phone"])),
            ({"phone": "x" * 300}, ("invalid_value", ["phone"])),
            ({"phone": "1", "name": "smuggled"}, ("invalid_value", ["value"])),
            ({"name": "smuggled"}, ("invalid_value", ["value"])),
        ],
    )
    def test_a_value_chosen_freely_is_checked_like_any_other(
        self, world: World, clash: tuple[Phone, Phone, str], value: dict[str, Any], why: tuple[str, list[str]]
    ) -> None:
        one, _, pk = clash
        [conflict] = open_conflicts(one)
        before = world.row("thing", pk)
        options = {"command": "resolve", "expected_state": "open", "choice": "value"}
        one.command("conflict", conflict["pk"], **options, value=value)
        assert [(r.code, r.fields) for r in one.send()] == [why]
        assert world.row("thing", pk) == before
        assert len(open_conflicts(one)) == 1

    def test_a_later_write_that_saw_the_conflict_closes_it(self, clash: tuple[Phone, Phone, str]) -> None:
        one, two, pk = clash
        one.patch("thing", pk, phone="444")
        assert one.send()[0].status == "applied"
        assert open_conflicts(two) == []
        [closed] = two.all("conflict")
        assert (closed["state"], closed["candidates"][0]["value"]) == ("superseded", {"phone": "111"})

    def test_after_a_conflict_closed_the_next_clash_opens_another(self, clash: tuple[Phone, Phone, str]) -> None:
        one, two, pk = clash
        one.patch("thing", pk, phone="444")
        one.send()
        two.patch("thing", pk, phone="555")
        two.send()
        assert len(open_conflicts(one)) == 1
        assert len(one.all("conflict")) == 2

    def test_no_conflict_is_opened_on_a_conflict(self, clash: tuple[Phone, Phone, str]) -> None:
        one, _, _ = clash
        [conflict] = open_conflicts(one)
        one.patch("conflict", conflict["pk"], state="resolved")
        assert one.send()[0].status == "parked"


class TestDelete:
    def test_a_deleted_row_goes_from_every_mirror(self, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.delete("thing", pk)
        assert one.send()[0].status == "applied"
        pages = two.pull()
        assert [row["op"] for page in pages for row in page.rows if row["pk"] == pk] == ["delete"]
        assert two.see("thing", pk) is None
        empty = ScopeSum(0, "0" * 32)
        assert two.verify(**{territory_scope(A): empty}) == {territory_scope(A): "ok"}

    def test_an_unseen_edit_before_the_delete_is_kept(self, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.patch("thing", pk, phone="111")
        one.send()
        two.delete("thing", pk)
        assert two.send()[0].status == "merged"
        [conflict] = open_conflicts(one)
        assert (conflict["kind"], conflict["candidates"][0]["value"]["fields"]["phone"]) == ("delete", "111")

    def test_an_edit_after_the_delete_is_kept(self, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        two.delete("thing", pk)
        two.send()
        one.patch("thing", pk, phone="111")
        assert one.send()[0].status == "merged"
        [conflict] = open_conflicts(one)
        assert (conflict["kind"], conflict["candidates"][0]["value"]["fields"]["phone"]) == ("delete", "111")
        assert one.see("thing", pk) is None

    def test_a_colleagues_unseen_child_is_kept(self, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        one.create("thing_log", thing_id=pk, said="visited")
        one.send()
        two.delete("thing", pk)
        assert two.send()[0].status == "merged"
        assert open_conflicts(one)[0]["candidates"][0]["value"]["fields"]["said"] == "visited"

    def test_a_child_that_arrives_after_the_delete_is_stored(
        self, world: World, pair: tuple[Phone, Phone, str]
    ) -> None:
        one, two, pk = pair
        two.delete("thing", pk)
        two.send()
        log = one.create("thing_log", thing_id=pk, said="visited")
        assert one.send()[0].status == "merged"
        assert world.row("thing_log", log)
        assert open_conflicts(one)[0]["group"] == "deleted"

    def test_restore_brings_the_row_back_with_its_later_edits(
        self, world: World, pair: tuple[Phone, Phone, str]
    ) -> None:
        one, two, pk = pair
        before = world.writer.read("thing", [pk])[pk].rev
        two.delete("thing", pk)
        two.send()
        one.patch("thing", pk, phone="111")
        one.send()
        [conflict] = open_conflicts(one)
        one.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="restore")
        assert one.send()[0].status == "applied"
        two.pull()
        assert (two.see("thing", pk) or {})["phone"] == "111"
        assert two.mirror["thing", pk].held.rev > before
        assert open_conflicts(two) == []
        assert set(two.verify().values()) == {"ok"}

    def test_undoing_a_restore_deletes_again(self, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        two.delete("thing", pk)
        two.send()
        one.patch("thing", pk, phone="111")
        one.send()
        [conflict] = open_conflicts(one)
        one.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="restore")
        one.send()
        one.pull()
        one.command("conflict", conflict["pk"], command="reopen", expected_state="resolved")
        assert one.send()[0].status == "applied"
        two.pull()
        assert two.see("thing", pk) is None
        assert len(open_conflicts(two)) == 1

    def test_undoing_a_restore_keeps_what_was_written_since(self, world: World, pair: tuple[Phone, Phone, str]) -> None:
        one, two, pk = pair
        two.delete("thing", pk)
        two.send()
        one.patch("thing", pk, phone="111")
        one.send()
        [conflict] = open_conflicts(one)
        one.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="restore")
        one.send()
        two.pull()
        two.patch("thing", pk, terms="written since")
        two.send()
        one.command("conflict", conflict["pk"], command="reopen", expected_state="resolved")
        assert one.send()[0].status == "applied"
        [again] = open_conflicts(two)
        assert again["pk"] == conflict["pk"]
        kept = {name: value for c in again["candidates"] for name, value in c["value"]["fields"].items()}
        assert (kept["phone"], kept["terms"]) == ("111", "written since")
        assert two.see("thing", pk) is None

    def test_restore_names_the_delete_that_it_undoes(self, pair: tuple[Phone, Phone, str]) -> None:
        one, _, pk = pair
        deleted = one.delete("thing", pk)
        held = one.mirror["thing", pk]
        one.send()
        one.pull()
        one.mirror["thing", pk] = held
        wrong = one.mutation("thing", pk, "restore", {"delete": new_id()}, base={})
        right = one.mutation("thing", pk, "restore", {"delete": deleted}, base={})
        one.write(wrong)
        one.write(right)
        assert [(r.status, r.code) for r in one.send()] == [("parked", "illegal_transition"), ("applied", None)]

    def test_a_row_that_was_never_there_is_gone(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.patch("thing", new_id(), phone="1")
        assert [r.code for r in phone.send()] == ["gone"]
