"""Whom the drain key lets in, and how an admin gives up what its device holds (R3, SPEC 8.11)."""

import os

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth import services as auth
from server.auth.models import AuditEvent
from server.auth.sessions import Device, hash_token
from server.errors import DomainError
from server.replication import outboxes
from server.shared.actor import OPERATOR
from server.shared.db import reading
from tests.contract.draining import DRAINED, Keyed, codes, copied, forked, held_by, keyed, moment, refusal
from tests.contract.territories import A, B
from tests.contract.world import Phone, World, new_id
from tests.factories.apps import PASSWORD


class TestTheKey:
    def test_it_opens_nothing_while_its_person_may_sign_in(self, leaver: Keyed) -> None:
        leaver.create("thing", name="a")
        leaver.is_barred = True
        assert refusal(leaver) == (403, "drain_not_due")

    def test_it_closes_again_when_its_person_signs_in(self, leaver: Keyed) -> None:
        leaver.create("thing", name="a")
        leaver.revoke()
        leaver.sign_in()
        assert refusal(leaver) == (403, "drain_not_due")

    def test_a_wrong_one_is_refused(self, leaver: Keyed) -> None:
        leaver.revoke()
        for key in ("", "x", leaver.key[:-1], hash_token(leaver.key)):
            leaver.key = key
            assert refusal(leaver) == (401, "drain_refused")

    def test_it_is_of_one_person(self, world: World, leaver: Keyed) -> None:
        other = world.phone(world.person(A))
        leaver.revoke()
        leaver.create("thing", name="a")
        with pytest.raises(DomainError, match="wrong_person"):
            leaver.push(person=other.person)

    def test_it_is_of_one_outbox(self, world: World, leaver: Keyed) -> None:
        second = world.phone(leaver.person)
        second.create("thing", name="a")
        second.send()
        leaver.revoke()
        leaver.id = second.id
        assert refusal(leaver) == (403, "forbidden")
        leaver.id = new_id()
        assert refusal(leaver) == (403, "forbidden")
        leaver.id, leaver.parent = second.id, None
        assert refusal(leaver) == (403, "forbidden")

    def test_another_persons_key_hash_cannot_be_taken_over(self, world: World, leaver: Keyed) -> None:
        thief = keyed(world, B)
        thief.key = leaver.key
        with pytest.raises(DomainError, match="wrong_person"):
            thief.register()
        thief.key, thief.id = os.urandom(32).hex(), leaver.id
        thief.register()
        leaver.create("thing", name="a")
        leaver.revoke()
        assert codes(leaver) == [DRAINED]

    def test_it_lets_in_a_device_whose_id_turns_out_to_be_another_persons(
        self, world: World, leaver: Keyed, successor: Phone
    ) -> None:
        other = keyed(world, A)
        other.create("thing", name="theirs")
        other.send()
        leaver.id = other.id
        leaver.register()
        leaver.create("thing", name="mine")
        leaver.disable()
        forked(leaver)
        assert codes(leaver) == [DRAINED]
        assert held_by(successor) == ["mine"]

    def test_only_its_hash_is_kept(self, world: World, leaver: Keyed) -> None:
        with world.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM drain_key").fetchall()
        assert leaver.key not in str(rows)
        assert hash_token(leaver.key) in str(rows)


class TestDestroying:
    def test_it_is_an_admins_act_on_a_barred_device_and_is_kept_with_what_was_known(
        self, world: World, leaver: Keyed
    ) -> None:
        leaver.create("thing", name="a")
        leaver.send()
        for _ in range(3):
            leaver.create("thing", name="b")
        leaver.pull()
        leaver.pull()
        with pytest.raises(DomainError, match="device_in_use"):
            outboxes.destroy(world.place, OPERATOR, leaver.person, leaver.id, moment(world))
        leaver.revoke()
        with pytest.raises(DomainError, match="forbidden"):
            outboxes.destroy(world.place, leaver.actor, leaver.person, leaver.id, moment(world))
        assert outboxes.destroy(world.place, OPERATOR, leaver.person, leaver.id, moment(world)).last_known_count == 3
        assert refusal(leaver) == (410, "outbox_destroyed")
        with Session(world.engine) as session, reading(session):
            [given_up] = outboxes.destroyed(session)
            details = session.scalars(select(AuditEvent.details).where(AuditEvent.action == "outbox_destroyed")).one()
        assert (given_up.destroyed_by, given_up.last_known_count) == (OPERATOR.person_id, 3)
        assert details == {"person": leaver.person, "last_known_count": "3"}
        assert "3 changes not sent" in outboxes.sentences([given_up])[0]

    def test_what_a_drain_left_is_counted(self, world: World, leaver: Keyed) -> None:
        for _ in range(5):
            leaver.create("thing", name="b")
        rest, leaver.outbox = leaver.outbox[2:], leaver.outbox[:2]
        leaver.revoke()
        assert codes(leaver) == [DRAINED] * 2
        with Session(world.engine) as session, reading(session):
            [outbox] = outboxes.outboxes_of(session, leaver.person)
        assert (outbox.received, outbox.unsent, len(rest)) == (2, 3, 3)

    def test_a_device_that_never_sent_can_be_given_up(self, world: World, leaver: Keyed) -> None:
        leaver.disable()
        assert outboxes.destroy(world.place, OPERATOR, leaver.person, leaver.id, moment(world)).last_known_count == 0

    def test_a_key_for_a_colleagues_device_id_gives_nothing_of_theirs_up(
        self, world: World, leaver: Keyed, successor: Phone
    ) -> None:
        leaver.create("thing", name="sent")
        leaver.send()
        other = keyed(world, A)
        other.id = leaver.id
        other.register()
        other.disable()
        with pytest.raises(DomainError, match="not_found"):
            outboxes.destroy(world.place, OPERATOR, other.person, leaver.id, moment(world))
        leaver.create("thing", name="waiting")
        assert [receipt.status for receipt in leaver.send()] == ["applied"]
        leaver.create("thing", name="late")
        leaver.revoke()
        assert codes(leaver) == [DRAINED]
        outboxes.destroy(world.place, OPERATOR, leaver.person, leaver.id, moment(world))
        assert refusal(leaver) == (410, "outbox_destroyed")
        other.create("thing", name="mine")
        forked(other)
        assert codes(other) == [DRAINED]

    def test_an_id_that_became_a_colleagues_meanwhile_is_not_given_up(
        self, world: World, leaver: Keyed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leaver.create("thing", name="sent")
        leaver.send()
        other = keyed(world, A)
        other.disable()
        seen = [outboxes.Outbox(leaver.id, other.person, (), 0, 0, None, None, None)]
        monkeypatch.setattr(outboxes, "outboxes_of", lambda *_: seen)
        with pytest.raises(DomainError, match="not_found"):
            outboxes.destroy(world.place, OPERATOR, other.person, leaver.id, moment(world))
        with Session(world.engine) as session, reading(session):
            assert outboxes.destroyed(session) == []

    def test_what_is_in_use_in_one_browser_is_not_given_up_for_another(self, world: World, leaver: Keyed) -> None:
        twin = copied(leaver)
        twin.key, browser = os.urandom(32).hex(), Device(new_id(), "Tablet")
        with Session(world.engine) as session:
            done = auth.sign_in(session, leaver.login, PASSWORD, browser, moment(world))
            assert done
            twin.session_id = done.device.id
        twin.register()
        leaver.revoke()
        with pytest.raises(DomainError, match="device_in_use"):
            outboxes.destroy(world.place, OPERATOR, leaver.person, leaver.id, moment(world))

    def test_somebody_elses_outbox_is_missing(self, world: World, leaver: Keyed) -> None:
        with pytest.raises(DomainError, match="not_found"):
            outboxes.destroy(world.place, OPERATOR, new_id(), leaver.id, moment(world))
