"""What a clean-up takes away, and that nothing comes back by it or is lost by it (SPEC 10.4, 10.5, 11.8; R22, R23)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.operations.backup import back_up
from server.operations.check import check
from server.operations.erase_list import EraseList
from server.operations.restore import restore
from server.replication import floors, purge_log
from server.replication.erasing import Erasure, erase
from server.replication.models import ChangeLog, ChangeScope, MutationRecord, PurgedKey, ScopeSum, SyncedRow
from server.replication.position import open_position, seal_position
from server.replication.purge import Purged, purge, purge_when_due
from server.shared.log_lock import read_counters
from server.shared.orm import Base
from server.shared.scope import territory_scope
from server.shared.writer import Change
from sync.wire.snapshot import SnapshotRequest
from tests.contract.world import KEY, Phone, World, new_id

A, B = new_id(), new_id()
DAY = 24 * 60 * 60 * 1000


def later(world: World, days: int = 200) -> Purged:
    """So many days pass, somebody works elsewhere, and the server cleans up."""
    world.now += days * DAY
    busy = world.phone(world.person(new_id()))
    busy.create("thing", name="today's work")
    busy.send()
    return purge(world.place)


def count(world: World, model: type[Base], *where: object) -> int:
    with Session(world.engine) as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # pyright: ignore[reportArgumentType]


def is_level(world: World, *phones: Phone) -> bool:
    """Whether every mirror is its scope to the bit, and the server whole."""
    return check(world.engine, world.place.registry) == [] and all(set(p.verify().values()) <= {"ok"} for p in phones)


def outcome(phone: Phone) -> list[tuple[str, str | None]]:
    return [(receipt.status, receipt.code) for receipt in phone.send()]


def refusal(phone: Phone) -> DomainError:
    with pytest.raises(DomainError) as refused:
        phone.page()
    assert (refused.value.code, refused.value.status) == ("cursor_expired", 410)
    return refused.value


@pytest.fixture
def rep(world: World) -> tuple[Phone, str]:
    """A phone in territory A that holds one thing with a note and a log."""
    phone = world.phone(world.person(A))
    pk = phone.create("thing", name="Tea house")
    phone.create("thing_note", thing_id=pk, text="first")
    phone.create("thing_log", thing_id=pk, said="hello")
    phone.send()
    phone.pull()
    return phone, pk


class TestFloor:
    def test_the_log_goes_and_what_is_there_stays(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        for number in range(5):
            phone.patch("thing", pk, phone=str(number))
            phone.send()
            phone.pull()
        world.submit(Change("thing", new_id(), "create", {"name": "elsewhere", "territory_id": B}))
        done = later(world)
        assert (count(world, ChangeLog, ChangeLog.seq < done.floor_seq), done.log_entries) == (0, done.floor_seq - 1)
        assert count(world, ChangeScope, ChangeScope.seq < done.floor_seq) == 0
        assert count(world, ScopeSum, ScopeSum.scope == territory_scope(A)) == 1
        assert (world.row("thing", pk) or {})["phone"] == "4"
        assert count(world, MutationRecord, MutationRecord.pk == pk) == 6
        newcomer = world.phone(world.person(A))
        newcomer.pull()
        assert is_level(world, newcomer)

    def test_what_is_younger_than_the_time_to_keep_stays(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        done = later(world, 179)
        assert (done.floor_seq, done.log_entries) == (0, 0)
        phone.pull()
        assert is_level(world, phone)

    def test_a_device_that_asks_daily_never_meets_it_however_quiet_its_scopes(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, _ = rep
        for _ in range(4):
            later(world, 100)
            assert phone.page().rows == []
            phone.pull()
        assert is_level(world, phone)

    def test_a_device_that_was_away_downloads_only_the_scopes_that_changed(self, world: World) -> None:
        phone = world.phone(world.person(A, B))
        pk = phone.create("thing", name="Tea house")
        phone.send()
        quiet = new_id()
        world.submit(Change("thing", quiet, "create", {"name": "quiet", "territory_id": B}))
        phone.pull()
        phone.patch("thing", pk, terms="30 days")
        world.now += DAY
        world.patch("thing", pk, phone="meanwhile")
        later(world)
        told = refusal(phone)
        assert told.details["scopes"] == [territory_scope(A)]
        waiting = phone.outbox
        pages = phone.pull()
        assert phone.outbox == waiting
        assert [page.header["reset"] for page in pages] == [False] * len(pages)
        assert (phone.see("thing", pk) or {})["phone"] == "meanwhile"
        assert phone.mirror["thing", quiet].held.generation < phone.generation
        assert outcome(phone) == [("applied", None)]
        phone.pull()
        assert is_level(world, phone)

    def test_a_device_that_missed_nothing_goes_on_without_a_word(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        later(world)
        assert [page.header["reset"] for page in phone.pull()] == [False]
        assert is_level(world, phone)

    def test_what_was_deleted_below_it_goes_from_the_mirror(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        twin = world.phone(phone.person)
        twin.pull()
        twin.delete("thing", pk)
        twin.send()
        later(world)
        phone.pull()
        assert (phone.all("thing"), phone.all("thing_note")) == ([], [])
        assert is_level(world, phone)

    def test_a_push_over_an_old_cursor_is_of_this_timeline_and_has_seen_what_it_saw(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        phone.patch("thing", pk, phone="written before")
        world.patch("thing", pk, terms="30 days")
        later(world)
        before = phone.epoch
        assert outcome(phone) == [("applied", None)]
        assert {page.header["epoch"] for page in phone.pull()} == {before}
        assert is_level(world, phone)

    def test_an_old_cursor_of_a_lost_timeline_is_still_known_for_one(
        self, world: World, rep: tuple[Phone, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone, pk = rep
        world.patch("thing", pk, phone="1")
        later(world)
        told = open_position(phone.cursor or "", KEY, phone.person)
        lost = replace(told, txn=new_id())
        monkeypatch.setattr(phone, "cursor", seal_position(lost, KEY))
        assert phone.page().header["reset"]

    def test_what_left_while_it_was_away_is_known_to_have_left(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        phone.patch("thing", pk, phone="enqueued before")
        begun = phone.mutation("thing", pk, "patch", {"phone": "begun before, enqueued after"})
        world.patch("thing", pk, terms="30 days")
        world.now += 100 * DAY
        world.move(pk, B)
        later(world, 100)
        refusal(phone)
        phone.pull()
        assert phone.see("thing", pk) is None
        phone.write(begun)
        assert outcome(phone) == [("applied", None), ("parked", "left_scope")]

    def test_verify_below_it_waits_for_the_pull(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        world.patch("thing", pk, phone="1")
        later(world)
        assert set(phone.verify().values()) == {"pending"}

    def test_a_download_begun_before_it_begins_anew(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        newcomer = world.phone(phone.person)
        newcomer.apply(newcomer.page())
        scope = territory_scope(A)
        token = newcomer.download(scope)
        newcomer.joins[scope] = token
        world.patch("thing", pk, phone="1")
        later(world)
        with pytest.raises(DomainError, match="cursor_expired"):
            newcomer.ask_snapshot(SnapshotRequest(scope, token))
        newcomer.pull()
        assert (newcomer.see("thing", pk) or {})["phone"] == "1"
        assert is_level(world, newcomer)

    def test_scopes_beyond_what_a_cursor_holds_are_asked_for_from_the_start(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        position = open_position(phone.cursor or "", KEY, phone.person)
        told = floors.expired(world.place, position, [territory_scope(new_id()) for _ in range(100)])
        assert (told.details["cursor"], len(told.details["scopes"])) == (None, 100)
        world.patch("thing", pk, phone="1")
        phone.begin_anew(told)
        assert phone.pull()[0].header["reset"]
        assert is_level(world, phone)


class TestRows:
    def test_a_deleted_thing_goes_with_all_that_stands_under_it(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        daily = world.phone(phone.person)
        daily.pull()
        phone.delete("thing", pk)
        phone.send()
        daily.pull()
        assert len(daily.all("thing_note")) == 1
        world.now += 100 * DAY
        assert later(world, 0).rows == 0
        daily.pull()
        assert later(world, 100).rows == 3
        assert count(world, SyncedRow, SyncedRow.root_pk == pk) == 0
        assert count(world, PurgedKey) == 3
        told = [row["op"] for page in daily.pull() for row in page.rows]
        assert (told, daily.all("thing_note"), daily.all("thing_log")) == (["delete"] * 2, [], [])
        assert is_level(world, daily)

    def test_a_kept_chunk_shows_nobody_what_is_purged(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        phone.delete("thing", pk)
        phone.send()
        world.now += 200 * DAY
        newcomer = world.phone(phone.person)
        newcomer.pull()
        assert len(newcomer.all("thing_note")) == 1
        assert later(world, 0).rows == 3
        assert b"thing_note" not in phone.ask_snapshot(SnapshotRequest(territory_scope(A), None))
        newcomer.pull()
        assert is_level(world, newcomer)

    def test_what_was_typed_stays_in_the_history(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        phone.delete("thing", pk)
        phone.send()
        assert later(world).rows == 3
        with Session(world.engine) as session:
            lines = b"".join(line for line in session.scalars(select(MutationRecord.line)) if line)
        assert all(said in lines for said in (b"Tea house", b"first", b"hello"))

    def test_an_erasure_finds_the_history_of_what_is_purged(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        twin = world.phone(phone.person)
        twin.pull()
        [note] = phone.all("thing_note")
        phone.patch("thing_note", note["pk"], text="a secret told later")
        phone.delete("thing", pk)
        phone.send()
        twin.patch("thing_note", note["pk"], text="a secret told too late")
        assert later(world).rows == 3
        erase(world.place, Erasure("thing", pk, pk, world.now, phone.person))
        assert outcome(twin) == [("parked", "erased")]
        with Session(world.engine) as session:
            lines = b"".join(line for line in session.scalars(select(MutationRecord.line)) if line)
        assert b"secret" not in lines
        assert check(world.engine, world.place.registry) == []

    def test_an_edit_from_before_parks_and_raises_nothing(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        twin = world.phone(phone.person)
        twin.pull()
        twin.delete("thing", pk)
        twin.send()
        [note] = phone.all("thing_note")
        phone.patch("thing", pk, phone="typed 200 days ago")
        phone.patch("thing_note", note["pk"], text="too")
        phone.create("thing_log", thing_id=pk, said="a visit")
        phone.command("thing", pk, command="approve", expected_state="draft")
        later(world)
        assert outcome(phone) == [("parked", "gone")] * 4
        phone.pull()
        assert phone.all("thing") == []
        assert {row["code"] for row in phone.all("parked")} == {"gone"}
        assert any("typed 200 days ago" in row["mutation"] for row in phone.all("parked"))
        assert is_level(world, phone)

    def test_a_create_whose_answer_was_lost_does_not_rise(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        pk = phone.create("thing", name="answer lost")
        phone.push(is_lost=True)
        twin = world.phone(phone.person)
        twin.pull()
        twin.delete("thing", pk)
        twin.send()
        assert later(world).rows == 1
        assert outcome(phone) == [("duplicate", None)]
        phone.write(phone.mutation("thing", pk, "create", {"name": "again"}))
        assert outcome(phone) == [("parked", "gone")]
        assert world.row("thing", pk) is None
        phone.pull()
        assert is_level(world, phone)

    def test_a_deleted_child_goes_alone_and_may_still_be_named(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        [note] = phone.all("thing_note")
        phone.delete("thing_note", note["pk"])
        phone.send()
        assert later(world).rows == 1
        phone.create("thing_note", thing_id=pk, text="new", about_id=note["pk"])
        assert outcome(phone) == [("applied", None)]
        phone.pull()
        assert world.row("thing", pk)
        assert is_level(world, phone)

    def test_what_people_still_have_to_decide_is_kept(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        twin = world.phone(phone.person)
        twin.pull()
        twin.patch("thing", pk, phone="unseen")
        twin.send()
        phone.delete("thing", pk)
        phone.send()
        phone.pull()
        assert later(world).rows == 0
        [conflict] = phone.all("conflict")
        phone.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="keep_deleted")
        phone.send()
        assert later(world, 100).rows == 0
        assert later(world, 100).rows == 4
        phone.pull()
        assert phone.all("conflict") == []
        assert is_level(world, phone)

    def test_what_was_brought_back_in_time_stays(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        deletion = phone.delete("thing", pk)
        phone.send()
        phone.pull()
        world.now += 179 * DAY
        phone.write(phone.mutation("thing", pk, "restore", {"delete": deletion}))
        assert outcome(phone) == [("applied", None)]
        assert later(world).rows == 0
        phone.pull()
        assert is_level(world, phone)

    def test_the_former_owner_is_judged_as_ever(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        world.now += 100 * DAY
        phone.pull()
        phone.patch("thing", pk, phone="written before")
        world.move(pk, B)
        world.now += 100 * DAY
        assert purge(world.place).floor_seq > 0
        assert outcome(phone) == [("applied", None)]
        late = phone.mutation("thing", pk, "patch", {"phone": "half a year later"})
        world.now += 100 * DAY
        later(world, 0)
        phone.write(late)
        assert outcome(phone) == [("parked", "left_scope")]
        owner = world.phone(world.person(B))
        owner.pull()
        assert [row["code"] for row in owner.all("parked")] == ["left_scope"]
        assert is_level(world, owner)

    def test_second_receipts_go_once_they_are_acknowledged(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        phone.patch("thing", pk, phone="1")
        phone.push(is_lost=True)
        phone.fork(None)
        assert outcome(phone)[-1][0] == "duplicate"
        aliases = count(world, MutationRecord, ~MutationRecord.is_original)
        assert (later(world).receipts, aliases > 0) == (0, True)
        phone.patch("thing", pk, phone="2")
        phone.send()
        assert later(world, 0).receipts == aliases
        phone.pull()
        assert is_level(world, phone)


class TestRunning:
    def test_a_killed_clean_up_is_gone_on_with(
        self, world: World, rep: tuple[Phone, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone, pk = rep
        for number in range(6):
            world.patch("thing", pk, phone=str(number))
        phone.pull()
        phone.delete("thing", pk)
        phone.send()
        monkeypatch.setattr(purge_log, "STEP", 2)
        trim, steps = purge_log._trim_some, iter(range(2))  # pyright: ignore[reportPrivateUsage]

        def dies(session: Session) -> int | None:
            if next(steps, None) is None:
                raise SystemExit
            return trim(session)

        monkeypatch.setattr(purge_log, "_trim_some", dies)
        with pytest.raises(SystemExit):
            later(world)
        assert check(world.engine, world.place.registry) == []
        newcomer = world.phone(phone.person)
        newcomer.pull()
        assert is_level(world, newcomer)
        monkeypatch.setattr(purge_log, "_trim_some", trim)
        done = purge(world.place)
        assert (count(world, ChangeLog, ChangeLog.seq < done.floor_seq), done.rows) == (0, 3)
        newcomer.pull()
        assert is_level(world, newcomer)

    def test_several_at_once_do_it_once_while_others_write(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        for _ in range(20):
            other = phone.create("thing", name="short-lived")
            phone.send()
            phone.delete("thing", other)
            phone.send()
        world.now += 200 * DAY
        with ThreadPoolExecutor(4) as pool:
            cleaning = [pool.submit(purge, world.place) for _ in range(3)]
            for number in range(10):
                world.patch("thing", pk, phone=str(number))
            assert sum(done.result().rows for done in cleaning) == 20
        phone.pull()
        assert is_level(world, phone)

    def test_a_server_does_it_by_itself_once_a_day(self, world: World, rep: tuple[Phone, str]) -> None:
        _ = rep
        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(lambda _: purge_when_due(world.place), range(3)))
        assert sum(one is not None for one in done) == 1
        world.now += DAY
        assert purge_when_due(world.place)

    def test_a_backup_of_before_brings_back_what_devices_have_and_no_more(
        self, world: World, rep: tuple[Phone, str], tmp_path: Path
    ) -> None:
        phone, pk = rep
        path = back_up(world.engine, world.place.registry, tmp_path, datetime.fromtimestamp(world.now / 1000, UTC))
        phone.pull()
        phone.patch("thing", pk, phone="after the backup")
        born = phone.create("thing", name="born after the backup")
        phone.send()
        phone.pull()
        phone.delete("thing", pk)
        phone.send()
        assert later(world).rows == 3
        world.now += 60_000
        at = datetime.fromtimestamp(world.now / 1000, UTC)
        listing = EraseList(tmp_path / "erased.jsonl")
        restore(world.engine, world.place.registry, path, at, listing, may_replace=True)
        for _ in range(2):
            phone.pull()
            phone.send()
        phone.pull()
        assert [row["pk"] for row in phone.all("thing")] == [born]
        assert is_level(world, phone)
        later(world, 0)
        with Session(world.engine) as session:
            assert read_counters(session).floor_seq > 0
        assert is_level(world, phone)
