"""Receiving: each mutation once, in order, whatever the link does (SPEC 8)."""

from tests.contract.world import World, new_id

A, B = new_id(), new_id()


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
