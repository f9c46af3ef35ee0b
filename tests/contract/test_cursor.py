"""Where a phone stands in the log, also after a restore put the log back (SPEC 10, 11.5)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from server.errors import DomainError
from server.shared.scope import territory_scope
from server.shared.writer import Change
from tests.contract.territories import A, B, C, is_level, refusal
from tests.contract.world import Phone, World, new_id

TABLES = (
    *("synced_row", "change_log", "change_scope", "change_txn", "scope_sum", "mutation_record"),
    *("sync_device", "device_lineage", "leave_mark", "server_state", "open_conflict", "scope_grant"),
)


def test_a_quiet_scopes_cursor_advances_with_the_log(world: World, rep: tuple[Phone, str]) -> None:
    phone, _ = rep
    first = phone.page().end
    world.submit(Change("thing", new_id(), "create", {"name": "elsewhere", "territory_id": B}))
    page = phone.page()
    assert (page.rows, page.end["caught_up"]) == ([], True)
    assert page.end["seq"] > first["seq"]


def test_a_page_never_splits_a_transaction(world: World) -> None:
    phone = world.phone(world.person(A))
    phone.pull()
    for _ in range(4):
        made = [Change("thing", new_id(), "create", {"name": "a", "territory_id": A}) for _ in range(5)]
        world.submit(*made)
    sizes = [len(page.rows) for page in phone.pull(limit=3)]
    assert (sum(sizes), {size % 5 for size in sizes}) == (20, {0})


@pytest.mark.parametrize("tamper", [lambda c: c[:-1], lambda c: "A" + c[1:], lambda c: "", lambda c: c * 9])
def test_a_cursor_that_is_not_ours_is_refused(rep: tuple[Phone, str], tamper: Callable[[str], str]) -> None:
    phone, _ = rep
    phone.cursor = tamper(phone.cursor or "") or "x"
    with pytest.raises(DomainError) as refusal:
        phone.page()
    assert (refusal.value.code, refusal.value.status) == ("bad_cursor", 400)


def test_a_snapshot_token_is_no_cursor(rep: tuple[Phone, str]) -> None:
    phone, _ = rep
    phone.cursor = phone.download(territory_scope(A))
    with pytest.raises(DomainError):
        phone.page()


def test_a_cursor_from_a_lost_timeline_begins_an_epoch(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    other = world.phone(world.person(A))
    other.pull()
    backup = take_backup(world)
    world.patch("thing", pk, phone="lost")
    phone.pull()
    assert (phone.see("thing", pk) or {})["phone"] == "lost"
    restore(world, backup)
    world.patch("thing", pk, phone="won")
    pages = phone.pull()
    assert pages[0].header["reset"]
    assert pages[0].header["epoch"] >= world.now // 1000 - 1
    assert (phone.see("thing", pk) or {})["phone"] == "won"
    assert is_level(phone)
    assert other.pull()[0].header["reset"]
    assert is_level(other)


def test_a_revision_of_a_lost_timeline_counts_as_unseen(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    backup = take_backup(world)
    world.patch("thing", pk, terms="lost")
    world.patch("thing", pk, terms="lost too")
    phone.pull()
    phone.patch("thing", pk, terms="seen the lost one")
    restore(world, backup)
    world.patch("thing", pk, terms="of this timeline")
    assert phone.send()[0].status == "merged"
    assert (world.row("thing", pk) or {})["terms"] == "of this timeline"


@pytest.mark.parametrize("is_reset_first", [False, True], ids=["sent before the reset", "sent after the reset"])
def test_an_edit_over_a_lost_timeline_does_not_pass_for_one_that_saw_ours(
    world: World, rep: tuple[Phone, str], is_reset_first: bool
) -> None:
    phone, pk = rep
    other = world.phone(world.person(A))
    other.pull()
    backup = take_backup(world)
    world.patch("thing", pk, terms="lost")
    phone.pull()
    phone.patch("thing", pk, terms="saw the lost one")
    restore(world, backup)
    other.patch("thing", pk, terms="of this timeline")
    assert other.send()[0].status == "applied"
    if is_reset_first:
        assert phone.pull()[0].header["reset"]
    receipt = phone.send()[-1]
    assert (receipt.status, (world.row("thing", pk) or {})["terms"]) == ("merged", "of this timeline")
    assert phone.pull()[0].header["reset"] is not is_reset_first
    assert is_level(phone)


def test_a_grant_of_a_lost_timeline_does_not_pass_for_another_with_its_number(
    world: World, rep: tuple[Phone, str]
) -> None:
    phone, _ = rep
    world.submit(Change("thing", new_id(), "create", {"name": "in C", "territory_id": C}))
    backup = take_backup(world)
    world.grant(phone.person, A, B)
    phone.pull()
    restore(world, backup)
    world.grant(phone.person, A, C)
    assert phone.pull()[0].header["reset"]
    assert {row["name"] for row in phone.all("thing")} == {"Tea house", "in C"}
    assert is_level(phone)


def test_a_mirror_of_somebody_else_is_refused(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    mine, owner = phone.cursor, phone.person
    phone.patch("thing", pk, phone="mine")
    phone.signed_in = world.person(A)
    for ask in (phone.push, phone.page, phone.verify):
        assert refusal(ask) == ("wrong_person", 403)
    phone.cursor = None
    assert refusal(phone.page) == ("wrong_person", 403)
    phone.cursor, phone.signed_in = mine, owner
    assert [r.status for r in phone.send()] == ["applied"]


def take_backup(world: World) -> dict[str, list[Any]]:
    with world.engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
            for table in TABLES
        }


def restore(world: World, backup: dict[str, list[Any]]) -> None:
    with world.engine.begin() as connection:
        for table, rows in backup.items():
            connection.execute(text(f"DELETE FROM {table}"))
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
