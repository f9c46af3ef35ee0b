"""What `baifang check` says of open conflicts whose index does not agree with them."""

import pytest
from sqlalchemy import text

from server.operations.check import check
from tests.contract.world import Phone, World

DAMAGES = {
    "DELETE FROM open_conflict": "is open, but the index of open conflicts does not know it",
    "UPDATE open_conflict SET conflict_pk = 'x'": "leads to x, which is not an open conflict",
    "UPDATE open_conflict SET \"group\" = 'other'": "is not indexed where the row says",
    'INSERT INTO open_conflict (entity, row_pk, "group", conflict_pk) '
    "SELECT entity, row_pk, 'other', conflict_pk FROM open_conflict": "is not indexed where the row says",
}


@pytest.fixture
def clash(world: World, rep: tuple[Phone, str]) -> tuple[Phone, str]:
    """A phone that was told of an open conflict, and the conflict's key."""
    phone, pk = rep
    twin = world.phone(phone.person)
    twin.pull()
    for one, number in ((phone, "1"), (twin, "2")):
        one.patch("thing", pk, phone=number)
        one.send()
    phone.pull()
    [conflict] = phone.all("conflict")
    return phone, conflict["pk"]


@pytest.mark.parametrize("statement", DAMAGES)
def test_an_open_conflict_is_indexed_once_where_it_belongs(
    world: World, clash: tuple[Phone, str], statement: str
) -> None:
    assert check(world.engine, world.place.registry) == []
    with world.engine.begin() as connection:
        connection.execute(text(statement))
    assert any(DAMAGES[statement] in sentence for sentence in check(world.engine, world.place.registry))


def test_a_conflict_that_is_decided_is_indexed_no_more(world: World, clash: tuple[Phone, str]) -> None:
    phone, pk = clash
    with world.engine.connect() as connection:
        entries = connection.execute(text("SELECT * FROM open_conflict")).mappings().all()
    phone.command("conflict", pk, command="resolve", expected_state="open", choice="current")
    assert phone.send()[0].status == "applied"
    assert check(world.engine, world.place.registry) == []
    with world.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO open_conflict VALUES (:entity, :row_pk, :group, :conflict_pk)"), dict(entries[0])
        )
    [sentence] = check(world.engine, world.place.registry)
    assert sentence == f"The index of open conflicts leads to {pk}, which is not an open conflict."
