"""Two machines with one profile whose access is ended: each delivers all that it holds (R3, SPEC 8.6, 8.11)."""

import os

from server.replication import outboxes
from server.shared.actor import OPERATOR
from tests.contract.draining import DRAINED, Keyed, codes, copied, forked, held_by, moment, refusal
from tests.contract.world import Phone, World


class TestCopiedProfiles:
    def test_both_deliver_all_that_they_hold_under_one_id_and_one_key(
        self, world: World, leaver: Keyed, successor: Phone
    ) -> None:
        twin = doubled(leaver)
        leaver.create("thing", name="first")
        twin.create("thing", name="second")
        leaver.disable()
        twin.is_barred = True
        assert codes(leaver) == [DRAINED]
        forked(twin)
        assert codes(twin)[-1] == DRAINED
        leaver.create("thing", name="first again")
        twin.create("thing", name="second again")
        assert [codes(leaver), codes(twin)] == [[DRAINED]] * 2
        assert held_by(successor) == ["first", "first again", "second", "second again"]

    def test_the_one_that_keeps_the_id_delivers_when_the_other_has_taken_the_key_along(
        self, world: World, leaver: Keyed, successor: Phone
    ) -> None:
        twin = parted(leaver)
        twin.send()
        twin.register()
        for phone in (leaver, twin):
            phone.create("thing", name=phone.id)
        leaver.revoke()
        twin.is_barred = True
        assert [codes(leaver), codes(twin)] == [[DRAINED]] * 2
        assert held_by(successor) == sorted([leaver.id, twin.id])

    def test_each_delivers_by_a_key_of_its_own_under_one_id(self, leaver: Keyed, successor: Phone) -> None:
        twin = doubled(leaver)
        twin.key = os.urandom(32).hex()
        twin.register()
        leaver.create("thing", name="first")
        twin.create("thing", name="second")
        leaver.revoke()
        twin.is_barred = True
        assert codes(leaver) == [DRAINED]
        forked(twin)
        assert codes(twin)[-1] == DRAINED
        assert held_by(successor) == ["first", "second"]

    def test_giving_up_what_one_holds_takes_nothing_from_the_other(
        self, world: World, leaver: Keyed, successor: Phone
    ) -> None:
        twin = parted(leaver)
        twin.register()
        leaver.create("thing", name="lost")
        leaver.revoke()
        twin.is_barred = True
        outboxes.destroy(world.place, OPERATOR, leaver.person, leaver.id, moment(world))
        assert refusal(leaver) == (410, "outbox_destroyed")
        assert codes(twin)[-1] == DRAINED
        assert held_by(successor) == ["second"]


def doubled(phone: Keyed) -> Keyed:
    """A copy of the profile, made once the server knew the outbox."""
    phone.create("thing", name="both")
    phone.send()
    return copied(phone)


def parted(phone: Keyed) -> Keyed:
    """A copy that wrote something else than the profile had sent, and was told to go on as a fork."""
    twin = doubled(phone)
    phone.create("thing", name="first")
    phone.send()
    twin.create("thing", name="second")
    forked(twin)
    return twin
