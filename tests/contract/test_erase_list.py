"""An erasure survives a kill, a power failure and a backup that is older than it (R34)."""

from pathlib import Path

import click
import pytest

from server.operations.backup import back_up
from server.operations.check import check
from server.operations.erase_list import EraseList
from server.operations.erasure import compare, keep_erased
from server.operations.restore import restore
from server.replication import erasing
from server.replication.erasing import erasures, unfinished
from server.shared.actor import OPERATOR
from tests.contract.erasures import NAME, Erase, current, met, moment, stored
from tests.contract.world import Phone, World


class TestOnItsWay:
    """An erasure is many transactions."""

    def test_a_killed_one_is_finished_before_the_server_serves_again(
        self,
        world: World,
        pair: tuple[Phone, Phone, str],
        erase: Erase,
        listing: EraseList,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        one, other, thing = pair
        for n in range(7):
            one.create("thing_log", thing_id=thing, said=f"{NAME} {n}")
        one.send()
        monkeypatch.setattr(erasing, "ROWS_AT_ONCE", 3)
        whole, calls = erasing._redact_rows, []

        def cut(*arguments: object) -> None:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            whole(*arguments)  # pyright: ignore[reportArgumentType]

        monkeypatch.setattr(erasing, "_redact_rows", cut)
        with pytest.raises(KeyboardInterrupt):
            erase("thing", thing)
        assert NAME.encode() in stored(world)
        with world.place.snapshot() as session:
            assert [entry.pk for entry in unfinished(session)] == [thing]
        assert [r.code for r in _said(other, thing)] == ["erased"]
        monkeypatch.setattr(erasing, "_redact_rows", whole)
        assert keep_erased(world.place, listing) == 1
        assert NAME.encode() not in stored(world)
        assert keep_erased(world.place, listing) == 0
        assert check(world.engine, world.place.registry) == compare(world.engine, listing) == []

    def test_a_line_cut_off_by_a_power_failure_is_passed_by(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase, listing: EraseList
    ) -> None:
        pks = [met(pair[0], pair[1], pair[2]) for _ in range(2)]
        erase("thing_note", pks[0])
        with listing.path.open("ab") as file:
            file.write(b'{"entity":"thing_n')
        erase("thing_note", pks[1])
        assert [entry.pk for entry in listing.read()] == pks
        listing.path.write_text("not a line of ours\n")
        with pytest.raises(click.ClickException, match="no entry of the erase list"):
            listing.read()


def _said(phone: Phone, thing: str):
    phone.create("thing_log", thing_id=thing, said=f"{NAME} meanwhile")
    return phone.send()


class TestRestore:
    """A backup still holds what was erased after it."""

    @pytest.mark.parametrize("has_list", [True, False])
    def test_a_restore_erases_again_before_anybody_is_served(
        self,
        world: World,
        pair: tuple[Phone, Phone, str],
        erase: Erase,
        listing: EraseList,
        tmp_path: Path,
        has_list: bool,
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        path = back_up(world.engine, world.place.registry, tmp_path / "backups", moment(world))
        other.pull()
        later = other.create("thing_note", thing_id=thing, text=f"{NAME} after the backup")
        other.patch("thing_note", pk, text=f"{NAME} after the backup, too")
        namer = other.create("thing_note", thing_id=thing, text="names them", about_id=later)
        other.send()
        other.pull()
        assert len(other.journal) >= 3
        for erased in (pk, later):
            erase("thing_note", erased)
        if not has_list:  # another machine: what the former database knows is enough
            listing = EraseList(tmp_path / "elsewhere.jsonl")
        done = restore(world.engine, world.place.registry, path, moment(world), listing, may_replace=True)
        assert done.erased == 2
        assert NAME.encode() not in current(world)
        assert compare(world.engine, listing) == check(world.engine, world.place.registry) == []
        other.pull()
        codes = {receipt.code for receipt in other.send()}
        assert codes == {"erased", None}
        other.pull()
        assert (other.see("thing_note", pk), other.see("thing_note", later)) == (None, None)
        assert other.see("thing_note", namer) is not None
        assert NAME.encode() not in current(world)
        assert set(other.verify().values()) == {"ok"}

    def test_a_database_brought_back_in_another_way_is_put_right_when_it_is_served(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase, listing: EraseList
    ) -> None:
        pk = met(pair[0], pair[1], pair[2])
        entry = erasing.Erasure("thing_note", pk, pk, world.now, OPERATOR.person_id)
        listing.add([entry])
        assert compare(world.engine, listing) != []
        assert keep_erased(world.place, listing) == 1
        assert NAME.encode() not in stored(world)
        with world.place.snapshot() as session:
            assert erasures(session) == [entry]
