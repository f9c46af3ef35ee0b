"""What a device holds when its access is ended still arrives, in quarantine, and nothing comes back (R3, SPEC 8.11)."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from server.operations.erase_list import EraseList
from server.operations.erasure import erase_subject
from server.replication import quarantine, release
from server.replication.models import MutationRecord
from server.shared.actor import OPERATOR
from server.shared.scope import UNASSIGNED_ID
from tests.contract import things
from tests.contract.draining import DRAINED, Keyed, codes, drained, keyed, moment
from tests.contract.territories import A, B
from tests.contract.world import Phone, World, new_id


class TestDelivery:
    def test_a_revoked_phone_still_drains_and_nothing_of_it_applies(
        self, world: World, leaver: Keyed, successor: Phone
    ) -> None:
        pk = leaver.create("thing", name="a")
        leaver.send()
        leaver.pull()
        leaver.patch("thing", pk, phone="1")
        note = leaver.create("thing_note", thing_id=pk, text="visit")
        leaver.revoke()
        assert codes(leaver) == [DRAINED, DRAINED]
        assert "phone" not in (world.row("thing", pk) or {})
        assert world.row("thing_note", note) is None
        successor.pull()
        rows = successor.all("parked")
        assert [(row["code"], row["by"], row["customer_id"]) for row in rows] == [("drained", leaver.person, pk)] * 2
        assert {json.loads(row["mutation"])["pk"] for row in rows} == {pk, note}

    def test_a_leavers_work_goes_to_who_has_the_customer_now(self, world: World, leaver: Keyed) -> None:
        pk = leaver.create("thing", name="a")
        leaver.send()
        leaver.pull()
        leaver.patch("thing", pk, phone="1")
        world.move(pk, B)
        leaver.disable()
        assert codes(leaver) == [DRAINED]
        heir, other = world.phone(world.person(B)), world.phone(world.person(A))
        heir.pull()
        other.pull()
        assert [row["row_pk"] for row in heir.all("parked")] == [pk]
        assert other.all("parked") == []

    def test_a_copy_moves_on_with_its_customer(self, world: World, leaver: Keyed, successor: Phone) -> None:
        pk = drained(leaver)
        world.move(pk, B)
        heir = world.phone(world.person(B))
        heir.pull()
        successor.pull()
        assert (len(heir.all("parked")), len(successor.all("parked"))) == (1, 0)

    def test_a_customer_that_only_the_leaver_knew_goes_to_the_territory_they_left(
        self, leaver: Keyed, successor: Phone
    ) -> None:
        pk = leaver.create("thing", name="new")
        leaver.create("thing_note", thing_id=pk, text="visit")
        leaver.enqueue(new_id(), b'{"entity": "thing", not json')
        leaver.disable()
        assert codes(leaver) == [DRAINED] * 3
        successor.pull()
        assert [row.get("row_pk") is None for row in successor.all("parked")].count(True) == 1
        assert len(successor.all("parked")) == 3

    def test_what_has_nobodys_territory_waits_with_the_unassigned(self, world: World) -> None:
        lonely = keyed(world)
        lonely.create("thing", name="new")
        lonely.disable()
        lonely.send()
        admin, rep = world.phone(world.person(UNASSIGNED_ID)), world.phone(world.person(A))
        admin.pull()
        rep.pull()
        assert (len(admin.all("parked")), rep.all("parked")) == (1, [])

    def test_somebody_elses_customer_gets_nothing_of_it(self, world: World, leaver: Keyed) -> None:
        stranger = world.phone(world.person(B))
        stranger.pull()
        foreign = stranger.create("thing", name="theirs")
        stranger.send()
        leaver.write(leaver.mutation("thing", foreign, "patch", {"phone": "1"}, seen_rev=(1, 1)))
        leaver.disable()
        assert codes(leaver) == [DRAINED]
        stranger.pull()
        assert stranger.all("parked") == []

    def test_a_secret_stays_as_secret(self, world: World, leaver: Keyed, successor: Phone) -> None:
        pk = leaver.create("thing", name="a")
        leaver.send()
        leaver.pull()
        leaver.create("thing_secret", thing_id=pk, text="margin")
        leaver.disable()
        leaver.send()
        insider = world.phone(world.person(A))
        world.grant(insider.person, A, more=[f"territory:{A}#secret"])
        insider.pull()
        successor.pull()
        assert (len(insider.all("parked")), successor.all("parked")) == (1, [])

    @pytest.mark.parametrize(
        ("line", "is_secret"),
        [
            (b'{"entity": "thing_secret", "patch": {"text": "\\ud83d"}}', True),
            (b'{"patch": {"entity": "thing"}, "entity" : "thing_secret", cut', True),
            (b'{"patch": {"text": "cut before its kind', True),
            (b'{"entity": "no such thing", cut', True),
            (b'{"entity": "thing\xff", cut', True),
            (b'{"entity": "thing_note", cut', False),
        ],
    )
    def test_bytes_that_nobody_can_read_stay_as_secret_as_what_they_name(
        self, world: World, leaver: Keyed, successor: Phone, line: bytes, *, is_secret: bool
    ) -> None:
        leaver.enqueue(new_id(), line)
        leaver.disable()
        assert codes(leaver) == [DRAINED]
        insider = world.phone(world.person(A))
        world.grant(insider.person, A, more=[f"territory:{A}#secret"])
        insider.pull()
        successor.pull()
        assert (len(insider.all("parked")), len(successor.all("parked"))) == (1, 0 if is_secret else 1)

    @pytest.mark.parametrize("failure", [RuntimeError("a bug"), DataError("a value", None, Exception())])
    def test_one_that_fails_every_time_is_kept_unread_and_holds_up_nothing(
        self, world: World, leaver: Keyed, successor: Phone, monkeypatch: pytest.MonkeyPatch, failure: Exception
    ) -> None:
        first, second = (leaver.create("thing", name=name) for name in "ab")
        leaver.send()
        leaver.pull()
        leaver.write(
            leaver.mutation("thing", first, "patch", {"phone": "1"}), leaver.mutation("thing", first, "patch", {})
        )
        leaver.patch("thing", second, phone="2")
        leaver.disable()
        judge = quarantine.judge

        def fail(session: Session, person: str, device: str, seq: int, key: tuple[str, str], *rest: Any) -> Any:
            if key == ("thing", first):
                raise failure
            return judge(session, person, device, seq, key, *rest)

        monkeypatch.setattr(quarantine, "judge", fail)
        assert codes(leaver) == [DRAINED] * 3
        successor.pull()
        assert sorted(json.loads(row["mutation"])["pk"] for row in successor.all("parked")) == [first, first, second]
        monkeypatch.undo()
        release.replay(world.place)
        assert "phone" not in (world.row("thing", first) or {})

    @pytest.mark.parametrize("is_drained_first", [True, False])
    def test_what_was_erased_on_request_is_with_nobody(
        self, world: World, leaver: Keyed, successor: Phone, tmp_path: Path, *, is_drained_first: bool
    ) -> None:
        pk = leaver.create("thing", name="a")
        leaver.send()
        leaver.pull()
        leaver.patch("thing", pk, phone="private")
        leaver.revoke()
        if is_drained_first:
            assert codes(leaver) == [DRAINED]
        erase_subject(world.place, EraseList(tmp_path / "erased.jsonl"), OPERATOR, ("thing", pk), moment(world))
        assert codes(leaver) == ([] if is_drained_first else [("parked", "erased")])
        successor.pull()
        assert "private" not in str([row.get("mutation") for row in successor.all("parked")])
        with world.engine.connect() as connection:
            assert b"private" not in b"".join(
                line or b"" for (line,) in connection.execute(select(MutationRecord.line))
            )

    def test_what_came_before_is_known_and_told_barely(self, world: World, leaver: Keyed) -> None:
        pk = leaver.create("thing", name="a", terms="net 30")
        leaver.send()
        leaver.pull()
        other = world.phone(world.person(A))
        other.pull()
        leaver.patch("thing", pk, terms="net 60")
        other.patch("thing", pk, terms="cash")
        other.send()
        assert leaver.push(is_lost=True).receipts[0].conflicts != []
        leaver.revoke()
        [receipt] = leaver.send()
        assert (receipt.status, receipt.conflicts, receipt.fields, receipt.params) == ("duplicate", [], [], {})

    def test_five_hundred_at_once_arrive(self, leaver: Keyed, successor: Phone) -> None:
        for number in range(500):
            leaver.create("thing", name=str(number))
        leaver.disable()
        assert codes(leaver) == [DRAINED] * 500
        successor.pull()
        assert len(successor.all("parked")) == 500
        assert set(successor.verify().values()) == {"ok"}

    def test_altered_bytes_are_asked_for_again(self, leaver: Keyed) -> None:
        leaver.create("thing", name="a")
        envelope, line = leaver.outbox[0]
        leaver.outbox[0] = envelope, line + b" "
        leaver.revoke()
        assert leaver.push().expected_seq == 1
        leaver.outbox[0] = envelope, line
        assert codes(leaver) == [DRAINED]

    def test_a_fork_takes_its_key_along(self, leaver: Keyed, successor: Phone) -> None:
        leaver.create("thing", name="a")
        leaver.send()
        leaver.create("thing", name="b")
        leaver.revoke()
        leaver.fork(1)
        assert codes(leaver)[-1] == DRAINED
        leaver.create("thing", name="c")
        leaver.parent = None
        assert codes(leaver) == [DRAINED]
        successor.pull()
        assert len(successor.all("parked")) == 2


class TestAdoption:
    def test_a_successor_adopts_an_item_as_their_own(self, world: World, leaver: Keyed, successor: Phone) -> None:
        pk = drained(leaver)
        successor.pull()
        [copy] = successor.all("parked")
        successor.write(successor.mutation("thing", pk, "patch", {"phone": "1"}, supersedes=copy["pk"]))
        assert codes(successor) == [("applied", None)]
        successor.pull()
        assert [row["state"] for row in successor.all("parked")] == ["superseded"]
        assert (world.row("thing", pk) or {})["phone"] == "1"
        assert owns(world, leaver.person) == ["superseded"]

    def test_of_two_who_adopt_one_item_one_counts(self, world: World, leaver: Keyed, successor: Phone) -> None:
        other = world.phone(world.person(A))
        pk = drained(leaver)
        for phone in (successor, other):
            phone.pull()
        for phone in (successor, other):
            [copy] = phone.all("parked")
            phone.write(phone.mutation("thing", pk, "patch", {"count": {"add": 1}}, supersedes=copy["pk"]))
        assert [codes(successor), codes(other)] == [[("applied", None)]] * 2
        assert (world.row("thing", pk) or {})["count"] == 1

    def test_a_successor_lets_an_item_go(self, world: World, leaver: Keyed, successor: Phone) -> None:
        drained(leaver)
        successor.pull()
        [copy] = successor.all("parked")
        successor.command("parked", copy["pk"], command="dismiss", expected_state="open")
        assert codes(successor) == [("applied", None)]
        assert owns(world, leaver.person) == ["dismissed"]

    def test_who_may_not_see_the_copy_mends_nothing_by_it(self, world: World, leaver: Keyed, successor: Phone) -> None:
        drained(leaver)
        successor.pull()
        [copy] = successor.all("parked")
        stranger = world.phone(world.person(B))
        stranger.pull()
        for name in (copy["pk"], copy["mutation_id"]):
            stranger.write(stranger.mutation("thing", new_id(), "create", {"name": "x"}, supersedes=name))
        stranger.send()
        assert owns(world, leaver.person) == ["open"]

    def test_a_visit_waits_for_the_customer_it_came_with(self, world: World, leaver: Keyed, successor: Phone) -> None:
        pk = leaver.create("thing", name="new")
        note = leaver.create("thing_note", thing_id=pk, text="visit")
        leaver.disable()
        leaver.send()
        successor.pull()
        copies = {json.loads(row["mutation"])["pk"]: row["pk"] for row in successor.all("parked")}
        things.HOMES[successor.person] = A
        patch = {"thing_id": pk, "text": "visit"}
        successor.write(successor.mutation("thing_note", note, "create", patch, supersedes=copies[note]))
        assert codes(successor) == [("parked", "depends_on_parked")]
        successor.write(successor.mutation("thing", pk, "create", {"name": "new"}, supersedes=copies[pk]))
        assert codes(successor) == [("applied", None)]
        assert world.row("thing_note", note)

    def test_its_author_may_mend_it_after_signing_in_again(self, world: World, leaver: Keyed) -> None:
        pk = leaver.create("thing", name="a")
        leaver.revoke()
        leaver.send()
        leaver.is_barred = False
        leaver.sign_in()
        leaver.pull()
        own = [row["pk"] for row in leaver.all("parked") if row["pk"] == row["mutation_id"]]
        leaver.write(leaver.mutation("thing", pk, "create", {"name": "a"}, supersedes=own[0]))
        assert codes(leaver) == [("applied", None)]


def owns(world: World, person: str) -> list[str]:
    """The states of a person's own parked rows."""
    world.grant(person)
    phone = world.phone(person)
    phone.pull()
    return [row["state"] for row in phone.all("parked")]
