"""Receiving: each mutation once, in order, whatever the link does (SPEC 8)."""

import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication import push as pushes
from server.replication.models import ChangeLog
from sync.core.mutation import encode
from tests.contract.world import Phone, World, new_id

A, B = new_id(), new_id()


def statuses(phone: Phone) -> list[str]:
    return [receipt.status for receipt in phone.send()]


def altered(items: list[tuple[dict[str, Any], bytes]], at: int) -> list[tuple[dict[str, Any], bytes]]:
    """What arrives of an outbox when one line is damaged on its way."""
    return [(e, line.replace(b"Tea", b"Sea") if i == at else line) for i, (e, line) in enumerate(items)]


class TestPush:
    def test_a_created_row_comes_back_by_pull(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house", tags={"add": ["new"]}, count={"add": 2})
        [receipt] = phone.send()
        assert (receipt.status, receipt.code) == ("applied", None)
        phone.pull()
        seen = phone.see("thing", pk)
        assert seen == {
            "name": "Tea house",
            "tags": ["new"],
            "count": 2,
            "territory_id": A,
            "fold": "tea house",
        }
        assert set(phone.verify().values()) == {"ok"}

    def test_a_lost_acknowledgement_changes_nothing_when_sent_again(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house", count={"add": 1})
        first = phone.push(is_lost=True)
        again = phone.push()
        assert [r.status for r in again.receipts] == ["duplicate"]
        assert again.receipts[0].log_seq == first.receipts[0].log_seq
        assert world.row("thing", pk) == {"name": "Tea house", "count": 1, "territory_id": A, "fold": "tea house"}

    def test_the_receipt_of_a_lost_acknowledgement_comes_with_the_pull_that_has_its_effect(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.pull()
        pk = phone.create("thing", name="Tea house", count={"add": 1})
        log_seq = phone.push(is_lost=True).receipts[0].log_seq
        [page] = phone.pull()
        assert [(r["seq"], r["status"], r["log_seq"]) for r in page.receipts] == [(1, "applied", log_seq)]
        assert page.end["seq"] >= (log_seq or 0)
        assert phone.see("thing", pk)

    def test_an_acknowledged_receipt_does_not_come_again(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="Tea house")
        phone.send()
        assert [page.receipts for page in phone.pull()][-1] == []

    def test_the_same_mutation_twice_in_one_push_applies_once(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house")
        phone.send()
        phone.pull()
        mutation = phone.mutation("thing", pk, "patch", {"count": {"add": 5}})
        phone.write(mutation)
        phone.write(mutation)
        assert statuses(phone) == ["applied", "duplicate"]
        assert (world.row("thing", pk) or {})["count"] == 5

    def test_one_id_twice_in_one_txn_holds_nothing_up(self, world: World) -> None:
        phone = world.phone(world.person(A))
        mutation = phone.mutation("thing", new_id(), "create", {"name": "a", "count": {"add": 1}})
        phone.write(mutation, mutation)
        phone.create("thing", name="b")
        assert statuses(phone) == ["applied", "duplicate", "applied"]
        assert (world.row("thing", mutation.pk) or {})["count"] == 1

    def test_a_parked_mutation_sent_again_is_still_told_as_parked(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="forbidden")
        phone.push(is_lost=True)
        [receipt] = phone.send()
        assert (receipt.status, receipt.code, receipt.fields) == ("duplicate", "forbidden", ["name"])

    def test_a_mutation_that_changes_nothing_is_acknowledged_with_the_head(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house", tags={"add": ["a"]})
        reply = phone.push()
        phone.pull()
        phone.patch("thing", pk, tags={"remove": ["b"]})
        [receipt] = phone.send()
        assert (receipt.status, receipt.log_seq) == ("applied", reply.receipts[-1].log_seq)

    def test_a_gap_stops_there_and_says_what_is_expected(self, world: World) -> None:
        phone = world.phone(world.person(A))
        for name in ("a", "b", "c"):
            phone.create("thing", name=name)
        lost = phone.outbox.pop(1)
        reply = phone.push()
        assert ([r.seq for r in reply.receipts], reply.expected_seq) == ([1], 2)
        phone.outbox.insert(0, lost)
        assert [r.seq for r in phone.send()] == [2, 3]

    def test_seqs_declared_void_are_not_waited_for(self, world: World) -> None:
        phone = world.phone(world.person(A))
        for name in ("a", "b", "c"):
            phone.create("thing", name=name)
        phone.outbox = [phone.outbox[0], phone.outbox[2]]
        assert phone.push().expected_seq == 2
        reply = phone.push(void=(2, 2))
        assert ([r.seq for r in reply.receipts], reply.expected_seq) == ([3], None)

    def test_a_void_beyond_the_gap_leaves_the_gap(self, world: World) -> None:
        phone = world.phone(world.person(A))
        for name in ("a", "b", "c"):
            phone.create("thing", name=name)
        phone.outbox = phone.outbox[2:]
        assert phone.push(void=(2, 2)).expected_seq == 1

    def test_one_poison_among_a_thousand_parks_alone(self, world: World) -> None:
        phone = world.phone(world.person(A))
        for number in range(1_000):
            phone.create("thing", name="broken in the database" if number == 617 else f"{number}")
        waiting, statuses_ = phone.outbox, []
        for part in (waiting[:500], waiting[500:]):
            phone.outbox = part
            statuses_ += phone.send()
        parked = [r for r in statuses_ if r.status == "parked"]
        assert [(r.seq, r.code) for r in parked] == [(618, "internal")]
        assert sum(r.status == "applied" for r in statuses_) == 999

    def test_a_hook_that_falls_over_parks_its_mutation_only(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="a")
        phone.create("thing", name="boom")
        phone.create("thing", name="b")
        assert [(r.status, r.code) for r in phone.send()] == [
            ("applied", None),
            ("parked", "internal"),
            ("applied", None),
        ]

    def test_a_lone_surrogate_parks_alone_and_keeps_its_bytes(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="before")
        broken = phone.mutation("thing", new_id(), "create", {"name": "X"})
        line = encode(broken).replace(b'"X"', b'"\\ud83d"')
        phone.enqueue(broken.id, line)
        phone.create("thing", name="after")
        assert [(r.status, r.code) for r in phone.send()] == [
            ("applied", None),
            ("parked", "undecodable"),
            ("applied", None),
        ]
        phone.pull()
        [row] = phone.all("parked")
        assert (row["mutation"], row["state"]) == (line.decode(), "open")

    @pytest.mark.parametrize("bad", [b"\xff\xfe", b'{"a":"\x00"}', b"", b"not json", b"[]", b"{}"])
    def test_bytes_that_are_no_mutation_are_kept_and_acknowledged(self, world: World, bad: bytes) -> None:
        phone = world.phone(world.person(A))
        phone.enqueue(new_id(), bad)
        [receipt] = phone.send()
        assert (receipt.status, receipt.code) in {("parked", "undecodable"), ("parked", "wrong_type")}
        phone.pull()
        assert len(phone.all("parked")) == 1

    def test_bytes_altered_on_their_way_are_asked_for_again(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pks = [phone.create("thing", name="Tea house") for _ in range(3)]
        reply = phone.ask_push(phone.body(altered(phone.outbox, 1)))
        assert ([r.seq for r in reply.receipts], reply.expected_seq, reply.fork) == ([1], 2, None)
        assert [world.row("thing", pk) is None for pk in pks] == [False, True, True]
        assert [r.status for r in phone.send()] == ["duplicate", "applied", "applied"]
        phone.pull()
        assert [row["name"] for row in phone.all("thing")] == ["Tea house"] * 3
        assert phone.all("parked") == []

    def test_of_a_txn_with_an_altered_line_nothing_is_taken(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.write(*(phone.mutation("thing", new_id(), "create", {"name": "Tea house"}) for _ in range(3)))
        reply = phone.ask_push(phone.body(altered(phone.outbox, 2)))
        assert (reply.receipts, reply.expected_seq) == ([], 1)
        assert statuses(phone) == ["applied"] * 3

    def test_what_arrives_altered_even_raw_says_so_for_each_line(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.write(*(phone.mutation("thing", new_id(), "create", {"name": "Tea house"}) for _ in range(3)))
        sent = altered(altered(phone.outbox, 1), 2)
        codes = [receipt.code for receipt in phone.ask_push(phone.body(sent, store_raw=True)).receipts]
        assert codes == ["depends_on_parked", "sha_mismatch", "sha_mismatch"]

    def test_store_raw_keeps_everything_without_looking_inside(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house")
        assert [r.code for r in phone.send(store_raw=True)] == ["store_raw"]
        assert world.row("thing", pk) is None

    def test_a_command_in_company_parks_with_its_txn(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = new_id()
        create = phone.mutation("thing", pk, "create", {"name": "a"})
        command = phone.mutation("thing", pk, "command", {"command": "approve", "expected_state": "draft"})
        phone.write(create, command)
        assert {r.status for r in phone.send()} == {"parked"}

    def test_a_command_changes_state_once(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="a")
        phone.command("thing", pk, command="approve", expected_state="draft")
        phone.command("thing", pk, command="approve", expected_state="draft")
        assert [(r.status, r.code) for r in phone.send()][1:] == [
            ("applied", None),
            ("parked", "illegal_transition"),
        ]
        assert (world.row("thing", pk) or {})["stage"] == "approved"

    def test_a_number_is_never_drawn_again_when_the_top_row_is_deleted(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="a")
        first = phone.send()[0].log_seq or 0
        with Session(world.engine) as session, session.begin():
            top = session.scalar(select(func.max(ChangeLog.seq)))
            session.delete(session.get_one(ChangeLog, top))
        phone.create("thing", name="b")
        assert (phone.send()[0].log_seq or 0) > first


class TestFork:
    def test_a_cloned_phone_gets_a_new_id_and_loses_nothing(self, world: World) -> None:
        person = world.person(A)
        phone = world.phone(person)
        pk = phone.create("thing", name="Tea house")
        phone.send()
        phone.pull()
        clone = replace(phone, mirror=dict(phone.mirror), outbox=[])
        phone.patch("thing", pk, phone="111")
        clone.patch("thing", pk, phone="222")
        assert statuses(phone) == ["applied"]
        reply = clone.push()
        assert reply.fork is not None
        assert (reply.fork.seq, reply.fork.last_equal_seq) == (2, 1)
        clone.fork(reply.fork.last_equal_seq)
        assert statuses(clone) == ["duplicate", "merged"]
        clone.pull()
        [conflict] = clone.all("conflict")
        held = {conflict["current"]["value"]["phone"], conflict["candidates"][0]["value"]["phone"]}
        assert held == {"111", "222"}

    def test_a_clone_that_continues_from_another_past_is_noticed_by_its_chain(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="a")
        phone.send()
        clone = replace(phone, mirror={}, outbox=[])
        phone.create("thing", name="b")
        phone.send()
        clone.create("thing", name="c")
        clone.create("thing", name="d")
        clone.outbox = clone.outbox[1:]
        reply = clone.push()
        assert reply.fork is not None
        assert reply.receipts == []

    def test_a_third_copy_is_noticed_although_all_that_it_sends_is_known_from_the_second(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house")
        phone.send()
        phone.pull()
        second = replace(phone, mirror=dict(phone.mirror), outbox=[], journal=list(phone.journal))
        second.patch("thing", pk, phone="222")
        third = replace(second, mirror=dict(second.mirror), outbox=list(second.outbox), journal=list(second.journal))
        third.patch("thing", pk, phone="223")
        phone.patch("thing", pk, phone="111")
        phone.send()
        reply = second.push()
        assert reply.fork is not None
        second.fork(reply.fork.last_equal_seq)
        assert statuses(second)[-1] == "merged"
        reply = third.push()
        assert reply.fork is not None
        assert (reply.fork.seq, reply.fork.last_equal_seq) == (2, 1)
        third.fork(reply.fork.last_equal_seq)
        third.send()
        third.pull()
        [conflict] = third.all("conflict")
        assert "111" in {conflict["current"]["value"]["phone"], *(c["value"]["phone"] for c in conflict["candidates"])}

    def test_a_forked_phone_does_not_conflict_with_its_own_past(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house")
        phone.send()
        phone.pull()
        phone.patch("thing", pk, phone="111")
        phone.push(is_lost=True)
        phone.patch("thing", pk, phone="112")
        phone.fork(1)
        assert statuses(phone) == ["duplicate", "duplicate", "applied"]
        assert (world.row("thing", pk) or {})["phone"] == "112"

    def test_counters_count_once_across_a_fork(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="Tea house")
        phone.send()
        phone.pull()
        phone.patch("thing", pk, count={"add": 3})
        phone.push(is_lost=True)
        phone.fork(None)
        phone.send()
        assert (world.row("thing", pk) or {})["count"] == 3

    def test_anothers_device_id_answers_as_a_fork(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="a")
        phone.send()
        thief = replace(phone, person=world.person(B), outbox=[], journal=[], mirror={}, seq=0, prev=None)
        thief.create("thing", name="b")
        reply = thief.push()
        assert (reply.receipts, reply.fork is not None) == ([], True)
        thief.fork(None)
        assert statuses(thief) == ["applied"]


class TestOutage:
    def test_what_was_committed_before_an_outage_is_told(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        phone = world.phone(world.person(A))
        for number in range(4):
            phone.create("thing", name="broken in the database" if number == 3 else f"{number}")
        transact, calls = pushes._transact, []

        def fails_the_third_time(*args: Any) -> Any:
            calls.append(args)
            if len(calls) == 3:
                full = sqlite3.OperationalError("database or disk is full")
                full.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise OperationalError("INSERT", None, full)
            return transact(*args)

        monkeypatch.setattr(pushes, "_transact", fails_the_third_time)
        with pytest.raises(DomainError) as refusal:
            phone.push()
        assert (refusal.value.code, refusal.value.status) == ("storage_full", 503)
        assert [r.seq for r in refusal.value.details["receipts"]] == [1, 2]
        monkeypatch.undo()
        assert statuses(phone) == ["duplicate", "duplicate", "applied", "parked"]
