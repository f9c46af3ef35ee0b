"""What a device holds when its access is ended still arrives, in quarantine, and nothing comes back (R3, SPEC 8.11)."""

import json
import os
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from server.auth import services as auth
from server.auth.models import AuditEvent
from server.auth.sessions import Device, hash_token
from server.errors import DomainError
from server.operations.erase_list import EraseList
from server.operations.erasure import erase_subject
from server.replication import drain, framing, outboxes, quarantine, release
from server.replication.models import MutationRecord
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.db import reading, writing
from server.shared.scope import UNASSIGNED_ID
from sync.wire.push import PushReply
from tests.contract import things
from tests.contract.world import Phone, World, new_id
from tests.factories.apps import PASSWORD

A, B = new_id(), new_id()


@dataclass
class Keyed(Phone):
    """A phone that signed in and has a key; `is_barred` sends by it, as a client does when it is refused."""

    login: str = ""
    key: str = ""
    session_id: str = ""
    is_barred: bool = False

    def sign_in(self) -> None:
        """Sign in as `login`, and register the key."""
        with Session(self.world.engine) as session:
            done = auth.sign_in(session, self.login, PASSWORD, Device(self.person, "Phone"), moment(self.world))
            assert done
            self.session_id = done.device.id
        self.register()

    def register(self) -> None:
        """Tell the server the key's hash."""
        actor = Actor(self.person, Role.REP, self.session_id, "en")
        drain.register(self.world.place, actor, self.id, hash_token(self.key))

    def revoke(self) -> None:
        """Somebody ends this phone's session."""
        with Session(self.world.engine) as session, writing(session):
            auth.revoke_device(session, OPERATOR, self.session_id, moment(self.world))
        self.is_barred = True

    def disable(self) -> None:
        """The person leaves: no session, no grants."""
        with Session(self.world.engine) as session, writing(session):
            auth.disable_user(session, OPERATOR, self.login, moment(self.world))
        self.world.strip(self.person)
        self.is_barred = True

    def ask_push(self, body: bytes) -> PushReply:
        """By the session, or by the key."""
        if not self.is_barred:
            return super().ask_push(body)
        key = drain.admit(self.world.place, self.key)
        header, items = framing.read_push(body, self.world.now)
        return drain.drain(self.world.place, key, header, items, self.seq)


def moment(world: World) -> datetime:
    return datetime.fromtimestamp(world.tick() / 1000, UTC)


def keyed(world: World, *territories: str) -> Keyed:
    """Somebody with a login, who works in these territories."""
    person = world.person(*territories)
    login = f"rep-{person}"
    with Session(world.engine) as session, writing(session):
        auth.create_user(
            session, OPERATOR, moment(world), login=login, name="Wang", role=Role.REP, password=PASSWORD, id=person
        )
    phone = Keyed(world, person, login=login, key=os.urandom(32).hex())
    phone.sign_in()
    phone.pull()
    return phone


@pytest.fixture
def rep(world: World) -> Keyed:
    """Somebody who works in A."""
    return keyed(world, A)


@pytest.fixture
def successor(world: World) -> Phone:
    """Somebody else who has A."""
    phone = world.phone(world.person(A))
    phone.pull()
    return phone


def codes(phone: Phone) -> list[tuple[str, str | None]]:
    return [(receipt.status, receipt.code) for receipt in phone.send()]


def refusal(phone: Phone) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        phone.send()
    return refused.value.status, refused.value.code


DRAINED = ("parked", "drained")


class TestDelivery:
    def test_a_revoked_phone_still_drains_and_nothing_of_it_applies(
        self, world: World, rep: Keyed, successor: Phone
    ) -> None:
        pk = rep.create("thing", name="a")
        rep.send()
        rep.pull()
        rep.patch("thing", pk, phone="1")
        note = rep.create("thing_note", thing_id=pk, text="visit")
        rep.revoke()
        assert codes(rep) == [DRAINED, DRAINED]
        assert "phone" not in (world.row("thing", pk) or {})
        assert world.row("thing_note", note) is None
        successor.pull()
        rows = successor.all("parked")
        assert [(row["code"], row["by"], row["customer_id"]) for row in rows] == [("drained", rep.person, pk)] * 2
        assert {json.loads(row["mutation"])["pk"] for row in rows} == {pk, note}

    def test_a_leavers_work_goes_to_who_has_the_customer_now(self, world: World, rep: Keyed) -> None:
        pk = rep.create("thing", name="a")
        rep.send()
        rep.pull()
        rep.patch("thing", pk, phone="1")
        world.move(pk, B)
        rep.disable()
        assert codes(rep) == [DRAINED]
        heir, other = world.phone(world.person(B)), world.phone(world.person(A))
        heir.pull()
        other.pull()
        assert [row["row_pk"] for row in heir.all("parked")] == [pk]
        assert other.all("parked") == []

    def test_a_copy_moves_on_with_its_customer(self, world: World, rep: Keyed, successor: Phone) -> None:
        pk = rep.create("thing", name="a")
        rep.send()
        rep.pull()
        rep.patch("thing", pk, phone="1")
        rep.disable()
        rep.send()
        world.move(pk, B)
        heir = world.phone(world.person(B))
        heir.pull()
        successor.pull()
        assert (len(heir.all("parked")), len(successor.all("parked"))) == (1, 0)

    def test_a_customer_that_only_the_leaver_knew_goes_to_the_territory_they_left(
        self, rep: Keyed, successor: Phone
    ) -> None:
        pk = rep.create("thing", name="new")
        rep.create("thing_note", thing_id=pk, text="visit")
        rep.enqueue(new_id(), b'{"entity": "thing", not json')
        rep.disable()
        assert codes(rep) == [DRAINED] * 3
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

    def test_somebody_elses_customer_gets_nothing_of_it(self, world: World, rep: Keyed) -> None:
        stranger = world.phone(world.person(B))
        stranger.pull()
        foreign = stranger.create("thing", name="theirs")
        stranger.send()
        rep.write(rep.mutation("thing", foreign, "patch", {"phone": "1"}, seen_rev=(1, 1)))
        rep.disable()
        assert codes(rep) == [DRAINED]
        stranger.pull()
        assert stranger.all("parked") == []

    def test_a_secret_stays_as_secret(self, world: World, rep: Keyed, successor: Phone) -> None:
        pk = rep.create("thing", name="a")
        rep.send()
        rep.pull()
        rep.create("thing_secret", thing_id=pk, text="margin")
        rep.disable()
        rep.send()
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
        self, world: World, rep: Keyed, successor: Phone, line: bytes, *, is_secret: bool
    ) -> None:
        rep.enqueue(new_id(), line)
        rep.disable()
        assert codes(rep) == [DRAINED]
        insider = world.phone(world.person(A))
        world.grant(insider.person, A, more=[f"territory:{A}#secret"])
        insider.pull()
        successor.pull()
        assert (len(insider.all("parked")), len(successor.all("parked"))) == (1, 0 if is_secret else 1)

    @pytest.mark.parametrize("failure", [RuntimeError("a bug"), DataError("a value", None, Exception())])
    def test_one_that_fails_every_time_is_kept_unread_and_holds_up_nothing(
        self, world: World, rep: Keyed, successor: Phone, monkeypatch: pytest.MonkeyPatch, failure: Exception
    ) -> None:
        first, second = (rep.create("thing", name=name) for name in "ab")
        rep.send()
        rep.pull()
        rep.write(rep.mutation("thing", first, "patch", {"phone": "1"}), rep.mutation("thing", first, "patch", {}))
        rep.patch("thing", second, phone="2")
        rep.disable()
        judge = quarantine.judge

        def fail(session: Session, person: str, device: str, seq: int, key: tuple[str, str], *rest: Any) -> Any:
            if key == ("thing", first):
                raise failure
            return judge(session, person, device, seq, key, *rest)

        monkeypatch.setattr(quarantine, "judge", fail)
        assert codes(rep) == [DRAINED] * 3
        successor.pull()
        assert sorted(json.loads(row["mutation"])["pk"] for row in successor.all("parked")) == [first, first, second]
        monkeypatch.undo()
        release.replay(world.place)
        assert "phone" not in (world.row("thing", first) or {})

    @pytest.mark.parametrize("is_drained_first", [True, False])
    def test_what_was_erased_on_request_is_with_nobody(
        self, world: World, rep: Keyed, successor: Phone, tmp_path: Path, *, is_drained_first: bool
    ) -> None:
        pk = rep.create("thing", name="a")
        rep.send()
        rep.pull()
        rep.patch("thing", pk, phone="private")
        rep.revoke()
        if is_drained_first:
            assert codes(rep) == [DRAINED]
        erase_subject(world.place, EraseList(tmp_path / "erased.jsonl"), OPERATOR, ("thing", pk), moment(world))
        assert codes(rep) == ([] if is_drained_first else [("parked", "erased")])
        successor.pull()
        assert "private" not in str([row.get("mutation") for row in successor.all("parked")])
        with world.engine.connect() as connection:
            assert b"private" not in b"".join(
                line or b"" for (line,) in connection.execute(select(MutationRecord.line))
            )

    def test_what_came_before_is_known_and_told_barely(self, world: World, rep: Keyed) -> None:
        pk = rep.create("thing", name="a", terms="net 30")
        rep.send()
        rep.pull()
        other = world.phone(world.person(A))
        other.pull()
        rep.patch("thing", pk, terms="net 60")
        other.patch("thing", pk, terms="cash")
        other.send()
        assert rep.push(is_lost=True).receipts[0].conflicts != []
        rep.revoke()
        [receipt] = rep.send()
        assert (receipt.status, receipt.conflicts, receipt.fields, receipt.params) == ("duplicate", [], [], {})

    def test_five_hundred_at_once_arrive(self, rep: Keyed, successor: Phone) -> None:
        for number in range(500):
            rep.create("thing", name=str(number))
        rep.disable()
        assert codes(rep) == [DRAINED] * 500
        successor.pull()
        assert len(successor.all("parked")) == 500
        assert set(successor.verify().values()) == {"ok"}

    def test_altered_bytes_are_asked_for_again(self, rep: Keyed) -> None:
        rep.create("thing", name="a")
        envelope, line = rep.outbox[0]
        rep.outbox[0] = envelope, line + b" "
        rep.revoke()
        assert rep.push().expected_seq == 1
        rep.outbox[0] = envelope, line
        assert codes(rep) == [DRAINED]

    def test_a_fork_takes_its_key_along(self, rep: Keyed, successor: Phone) -> None:
        rep.create("thing", name="a")
        rep.send()
        rep.create("thing", name="b")
        rep.revoke()
        rep.fork(1)
        assert codes(rep)[-1] == DRAINED
        rep.create("thing", name="c")
        rep.parent = None
        assert codes(rep) == [DRAINED]
        successor.pull()
        assert len(successor.all("parked")) == 2


class TestCopiedProfiles:
    def test_both_deliver_all_that_they_hold_under_one_id_and_one_key(
        self, world: World, rep: Keyed, successor: Phone
    ) -> None:
        rep.create("thing", name="both")
        rep.send()
        twin = copied(rep)
        rep.create("thing", name="first")
        twin.create("thing", name="second")
        rep.disable()
        twin.is_barred = True
        assert codes(rep) == [DRAINED]
        forked(twin)
        assert codes(twin)[-1] == DRAINED
        rep.create("thing", name="first again")
        twin.create("thing", name="second again")
        assert [codes(rep), codes(twin)] == [[DRAINED]] * 2
        assert held_by(successor) == ["first", "first again", "second", "second again"]

    def test_the_one_that_keeps_the_id_delivers_when_the_other_has_taken_the_key_along(
        self, world: World, rep: Keyed, successor: Phone
    ) -> None:
        rep.create("thing", name="both")
        rep.send()
        twin = copied(rep)
        rep.create("thing", name="first")
        rep.send()
        twin.create("thing", name="second")
        forked(twin)
        twin.send()
        twin.register()
        for phone in (rep, twin):
            phone.create("thing", name=phone.id)
        rep.revoke()
        twin.is_barred = True
        assert [codes(rep), codes(twin)] == [[DRAINED]] * 2
        assert held_by(successor) == sorted([rep.id, twin.id])

    def test_each_delivers_by_a_key_of_its_own_under_one_id(self, rep: Keyed, successor: Phone) -> None:
        rep.create("thing", name="both")
        rep.send()
        twin = copied(rep)
        twin.key = os.urandom(32).hex()
        twin.register()
        rep.create("thing", name="first")
        twin.create("thing", name="second")
        rep.revoke()
        twin.is_barred = True
        assert codes(rep) == [DRAINED]
        forked(twin)
        assert codes(twin)[-1] == DRAINED
        assert held_by(successor) == ["first", "second"]

    def test_giving_up_what_one_holds_takes_nothing_from_the_other(
        self, world: World, rep: Keyed, successor: Phone
    ) -> None:
        rep.create("thing", name="both")
        rep.send()
        twin = copied(rep)
        rep.create("thing", name="first")
        rep.send()
        twin.create("thing", name="second")
        forked(twin)
        twin.register()
        rep.create("thing", name="lost")
        rep.revoke()
        twin.is_barred = True
        outboxes.destroy(world.place, OPERATOR, rep.person, rep.id, moment(world))
        assert refusal(rep) == (410, "outbox_destroyed")
        assert codes(twin)[-1] == DRAINED
        assert held_by(successor) == ["second"]


def copied(phone: Keyed) -> Keyed:
    """The same profile on a second machine."""
    parts = {name: copy(value) for name, value in vars(phone).items() if isinstance(value, list | dict)}
    return replace(phone, **parts)


def forked(phone: Keyed) -> None:
    """The server finds that this is another outbox than the one that it knows under the id."""
    fork = phone.push().fork
    assert fork
    phone.fork(fork.last_equal_seq)


def held_by(phone: Phone) -> list[str]:
    """The names that what waits for a successor carries."""
    phone.pull()
    return sorted(json.loads(row["mutation"])["patch"]["name"] for row in phone.all("parked"))


class TestAdoption:
    def drained(self, rep: Keyed) -> str:
        pk = rep.create("thing", name="a")
        rep.send()
        rep.pull()
        rep.patch("thing", pk, phone="1")
        rep.disable()
        rep.send()
        return pk

    def test_a_successor_adopts_an_item_as_their_own(self, world: World, rep: Keyed, successor: Phone) -> None:
        pk = self.drained(rep)
        successor.pull()
        [copy] = successor.all("parked")
        successor.write(successor.mutation("thing", pk, "patch", {"phone": "1"}, supersedes=copy["pk"]))
        assert codes(successor) == [("applied", None)]
        successor.pull()
        assert [row["state"] for row in successor.all("parked")] == ["superseded"]
        assert (world.row("thing", pk) or {})["phone"] == "1"
        assert owns(world, rep.person) == ["superseded"]

    def test_of_two_who_adopt_one_item_one_counts(self, world: World, rep: Keyed, successor: Phone) -> None:
        other = world.phone(world.person(A))
        pk = self.drained(rep)
        for phone in (successor, other):
            phone.pull()
        for phone in (successor, other):
            [copy] = phone.all("parked")
            phone.write(phone.mutation("thing", pk, "patch", {"count": {"add": 1}}, supersedes=copy["pk"]))
        assert [codes(successor), codes(other)] == [[("applied", None)]] * 2
        assert (world.row("thing", pk) or {})["count"] == 1

    def test_a_successor_lets_an_item_go(self, world: World, rep: Keyed, successor: Phone) -> None:
        self.drained(rep)
        successor.pull()
        [copy] = successor.all("parked")
        successor.command("parked", copy["pk"], command="dismiss", expected_state="open")
        assert codes(successor) == [("applied", None)]
        assert owns(world, rep.person) == ["dismissed"]

    def test_who_may_not_see_the_copy_mends_nothing_by_it(self, world: World, rep: Keyed, successor: Phone) -> None:
        self.drained(rep)
        successor.pull()
        [copy] = successor.all("parked")
        stranger = world.phone(world.person(B))
        stranger.pull()
        for name in (copy["pk"], copy["mutation_id"]):
            stranger.write(stranger.mutation("thing", new_id(), "create", {"name": "x"}, supersedes=name))
        stranger.send()
        assert owns(world, rep.person) == ["open"]

    def test_a_visit_waits_for_the_customer_it_came_with(self, world: World, rep: Keyed, successor: Phone) -> None:
        pk = rep.create("thing", name="new")
        note = rep.create("thing_note", thing_id=pk, text="visit")
        rep.disable()
        rep.send()
        successor.pull()
        copies = {json.loads(row["mutation"])["pk"]: row["pk"] for row in successor.all("parked")}
        things.HOMES[successor.person] = A
        patch = {"thing_id": pk, "text": "visit"}
        successor.write(successor.mutation("thing_note", note, "create", patch, supersedes=copies[note]))
        assert codes(successor) == [("parked", "depends_on_parked")]
        successor.write(successor.mutation("thing", pk, "create", {"name": "new"}, supersedes=copies[pk]))
        assert codes(successor) == [("applied", None)]
        assert world.row("thing_note", note)

    def test_its_author_may_mend_it_after_signing_in_again(self, world: World, rep: Keyed) -> None:
        pk = rep.create("thing", name="a")
        rep.revoke()
        rep.send()
        rep.is_barred = False
        rep.sign_in()
        rep.pull()
        own = [row["pk"] for row in rep.all("parked") if row["pk"] == row["mutation_id"]]
        rep.write(rep.mutation("thing", pk, "create", {"name": "a"}, supersedes=own[0]))
        assert codes(rep) == [("applied", None)]


def owns(world: World, person: str) -> list[str]:
    """The states of a person's own parked rows."""
    world.grant(person)
    phone = world.phone(person)
    phone.pull()
    return [row["state"] for row in phone.all("parked")]


class TestTheKey:
    def test_it_opens_nothing_while_its_person_may_sign_in(self, rep: Keyed) -> None:
        rep.create("thing", name="a")
        rep.is_barred = True
        assert refusal(rep) == (403, "drain_not_due")

    def test_it_closes_again_when_its_person_signs_in(self, rep: Keyed) -> None:
        rep.create("thing", name="a")
        rep.revoke()
        rep.sign_in()
        assert refusal(rep) == (403, "drain_not_due")

    def test_a_wrong_one_is_refused(self, rep: Keyed) -> None:
        rep.revoke()
        for key in ("", "x", rep.key[:-1], hash_token(rep.key)):
            rep.key = key
            assert refusal(rep) == (401, "drain_refused")

    def test_it_is_of_one_person(self, world: World, rep: Keyed) -> None:
        other = world.phone(world.person(A))
        rep.revoke()
        rep.create("thing", name="a")
        with pytest.raises(DomainError, match="wrong_person"):
            rep.push(person=other.person)

    def test_it_is_of_one_outbox(self, world: World, rep: Keyed) -> None:
        second = world.phone(rep.person)
        second.create("thing", name="a")
        second.send()
        rep.revoke()
        rep.id = second.id
        assert refusal(rep) == (403, "forbidden")
        rep.id = new_id()
        assert refusal(rep) == (403, "forbidden")
        rep.id, rep.parent = second.id, None
        assert refusal(rep) == (403, "forbidden")

    def test_another_persons_key_hash_cannot_be_taken_over(self, world: World, rep: Keyed) -> None:
        thief = keyed(world, B)
        thief.key = rep.key
        with pytest.raises(DomainError, match="wrong_person"):
            thief.register()
        thief.key, thief.id = os.urandom(32).hex(), rep.id
        thief.register()
        rep.create("thing", name="a")
        rep.revoke()
        assert codes(rep) == [DRAINED]

    def test_it_lets_in_a_device_whose_id_turns_out_to_be_another_persons(
        self, world: World, rep: Keyed, successor: Phone
    ) -> None:
        other = keyed(world, A)
        other.create("thing", name="theirs")
        other.send()
        rep.id = other.id
        rep.register()
        rep.create("thing", name="mine")
        rep.disable()
        forked(rep)
        assert codes(rep) == [DRAINED]
        assert held_by(successor) == ["mine"]

    def test_only_its_hash_is_kept(self, world: World, rep: Keyed) -> None:
        with world.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM drain_key").fetchall()
        assert rep.key not in str(rows)
        assert hash_token(rep.key) in str(rows)


class TestDestroying:
    def test_it_is_an_admins_act_on_a_barred_device_and_is_kept_with_what_was_known(
        self, world: World, rep: Keyed
    ) -> None:
        rep.create("thing", name="a")
        rep.send()
        for _ in range(3):
            rep.create("thing", name="b")
        rep.pull()
        rep.pull()
        with pytest.raises(DomainError, match="device_in_use"):
            outboxes.destroy(world.place, OPERATOR, rep.person, rep.id, moment(world))
        rep.revoke()
        with pytest.raises(DomainError, match="forbidden"):
            outboxes.destroy(world.place, rep.actor, rep.person, rep.id, moment(world))
        assert outboxes.destroy(world.place, OPERATOR, rep.person, rep.id, moment(world)).last_known_count == 3
        assert refusal(rep) == (410, "outbox_destroyed")
        with Session(world.engine) as session, reading(session):
            [given_up] = outboxes.destroyed(session)
            details = session.scalars(select(AuditEvent.details).where(AuditEvent.action == "outbox_destroyed")).one()
        assert (given_up.destroyed_by, given_up.last_known_count) == (OPERATOR.person_id, 3)
        assert details == {"person": rep.person, "last_known_count": "3"}
        assert "3 changes not sent" in outboxes.sentences([given_up])[0]

    def test_what_a_drain_left_is_counted(self, world: World, rep: Keyed) -> None:
        for _ in range(5):
            rep.create("thing", name="b")
        rest, rep.outbox = rep.outbox[2:], rep.outbox[:2]
        rep.revoke()
        assert codes(rep) == [DRAINED] * 2
        with Session(world.engine) as session, reading(session):
            [outbox] = outboxes.outboxes_of(session, rep.person)
        assert (outbox.received, outbox.unsent, len(rest)) == (2, 3, 3)

    def test_a_device_that_never_sent_can_be_given_up(self, world: World, rep: Keyed) -> None:
        rep.disable()
        assert outboxes.destroy(world.place, OPERATOR, rep.person, rep.id, moment(world)).last_known_count == 0

    def test_a_key_for_a_colleagues_device_id_gives_nothing_of_theirs_up(
        self, world: World, rep: Keyed, successor: Phone
    ) -> None:
        rep.create("thing", name="sent")
        rep.send()
        other = keyed(world, A)
        other.id = rep.id
        other.register()
        other.disable()
        with pytest.raises(DomainError, match="not_found"):
            outboxes.destroy(world.place, OPERATOR, other.person, rep.id, moment(world))
        rep.create("thing", name="waiting")
        assert [receipt.status for receipt in rep.send()] == ["applied"]
        rep.create("thing", name="late")
        rep.revoke()
        assert codes(rep) == [DRAINED]
        outboxes.destroy(world.place, OPERATOR, rep.person, rep.id, moment(world))
        assert refusal(rep) == (410, "outbox_destroyed")
        other.create("thing", name="mine")
        forked(other)
        assert codes(other) == [DRAINED]

    def test_an_id_that_became_a_colleagues_meanwhile_is_not_given_up(
        self, world: World, rep: Keyed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rep.create("thing", name="sent")
        rep.send()
        other = keyed(world, A)
        other.disable()
        seen = [outboxes.Outbox(rep.id, other.person, (), 0, 0, None, None, None)]
        monkeypatch.setattr(outboxes, "outboxes_of", lambda *_: seen)
        with pytest.raises(DomainError, match="not_found"):
            outboxes.destroy(world.place, OPERATOR, other.person, rep.id, moment(world))
        with Session(world.engine) as session, reading(session):
            assert outboxes.destroyed(session) == []

    def test_what_is_in_use_in_one_browser_is_not_given_up_for_another(self, world: World, rep: Keyed) -> None:
        twin = copied(rep)
        twin.key, browser = os.urandom(32).hex(), Device(new_id(), "Tablet")
        with Session(world.engine) as session:
            done = auth.sign_in(session, rep.login, PASSWORD, browser, moment(world))
            assert done
            twin.session_id = done.device.id
        twin.register()
        rep.revoke()
        with pytest.raises(DomainError, match="device_in_use"):
            outboxes.destroy(world.place, OPERATOR, rep.person, rep.id, moment(world))

    def test_somebody_elses_outbox_is_missing(self, world: World, rep: Keyed) -> None:
        with pytest.raises(DomainError, match="not_found"):
            outboxes.destroy(world.place, OPERATOR, new_id(), rep.id, moment(world))
