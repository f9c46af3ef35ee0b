"""Sums that tell whether a mirror holds what the server does (SPEC 13.2)."""

from server.shared.scope import person_scope, territory_scope
from sync.wire.verify import ScopeSum
from tests.contract.territories import A, B, is_level
from tests.contract.world import Phone, World, new_id


def test_a_row_too_few_or_too_many_is_noticed(rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    row = phone.mirror.pop(("thing", pk))
    assert phone.verify()[territory_scope(A)] == "mismatch"
    phone.mirror["thing", pk] = row
    phone.mirror["thing", new_id()] = row
    assert phone.verify()[territory_scope(A)] == "mismatch"


def test_it_compares_at_the_phones_own_cursor(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    world.patch("thing", pk, phone="later")
    assert is_level(phone)


def test_a_scope_that_is_not_granted_is_told(world: World, rep: tuple[Phone, str]) -> None:
    phone, _ = rep
    told = phone.verify(**{territory_scope(B): ScopeSum(0, "0" * 32)})
    assert told[territory_scope(B)] == "not_granted"
    assert told[territory_scope(A)] == "ok"
    assert phone.verify(**{person_scope(phone.person): ScopeSum(1, "0" * 32)})[person_scope(phone.person)] == "mismatch"
