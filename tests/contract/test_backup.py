"""A backup holds what it says, a restore loses nothing that devices still have, and damage is found."""

import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
import pytest
from sqlalchemy import create_engine, text

from server.operations import archive, postgresql
from server.operations.archive import MANIFEST, Manifest, unpacked
from server.operations.backup import back_up
from server.operations.check import check
from server.operations.erase_list import EraseList
from server.operations.restore import Restored, restore
from server.replication.blobs import keeping
from server.replication.blobs.folder import Folder
from server.replication.blobs.shelf import DAY_MS, Shelf
from server.shared import migrate
from server.shared.log_lock import read_counters
from tests.contract.blobs import announce, fetch, send, sha, show, sick
from tests.contract.territories import A
from tests.contract.world import Phone, World
from tests.factories import files

Cycle = tuple[Callable[[], Path], Callable[[Path], Restored]]
PHOTO = files.jpeg(filling=bytes(5_000))


@pytest.fixture
def take(world: World, tmp_path: Path) -> Callable[..., Path]:
    """Takes backups, a minute apart."""

    def run(after: tuple[str, ...] = ()) -> Path:
        world.now += 60_000
        now = datetime.fromtimestamp(world.now / 1000, UTC)
        return back_up(world.engine, world.place.registry, tmp_path / "backups", now, after)

    return run


@pytest.fixture
def put_back(world: World, tmp_path: Path) -> Callable[..., Restored]:
    """Restores a backup."""

    def run(path: Path, *, may_replace: bool = True) -> Restored:
        now = datetime.fromtimestamp(world.now / 1000, UTC)
        listing = EraseList(tmp_path / "erased.jsonl")
        return restore(world.engine, world.place.registry, path, now, listing, may_replace=may_replace)

    return run


def durable(world: World) -> int:
    with world.place.snapshot() as session:
        return read_counters(session).durable_seq


def head(world: World) -> int:
    with world.place.snapshot() as session:
        return read_counters(session).last_seq


def test_a_server_without_a_backup_promises_nothing(world: World, phone: Phone) -> None:
    phone.create("thing", name="Tea house")
    assert phone.push().durable_seq == 0
    assert phone.page().end["durable_seq"] == 0


def test_devices_are_told_what_the_last_backup_holds(world: World, phone: Phone, take: Callable[..., Path]) -> None:
    phone.create("thing", name="Tea house")
    phone.send()
    path = take()
    held = head(world)
    phone.create("thing", name="later")
    assert phone.push().durable_seq == held == durable(world)
    assert phone.page().end["durable_seq"] == held
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_writers_go_on_while_it_is_taken(world: World, phone: Phone, take: Callable[..., Path]) -> None:
    pk = phone.create("thing", name="before")
    phone.send()
    with world.place.snapshot() as session:
        seen = read_counters(session).last_seq
        path = take()
        world.patch("thing", pk, phone="meanwhile")
        assert read_counters(session).last_seq == seen
    with zipfile.ZipFile(path) as packed:
        manifest = msgspec.json.decode(packed.read(MANIFEST), type=Manifest)
    assert manifest.facts.last_seq == seen


def test_a_backup_that_could_not_be_carried_off_does_not_count(
    world: World, phone: Phone, take: Callable[..., Path]
) -> None:
    phone.create("thing", name="Tea house")
    phone.send()
    with pytest.raises(click.ClickException, match="does not count"):
        take(("false",))
    assert durable(world) == 0
    take(("test", "-f"))
    assert durable(world) == head(world)


def test_what_was_lost_comes_back_from_the_devices(
    world: World, phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    other = world.phone(phone.person)
    pk = phone.create("thing", name="Tea house", phone="old")
    phone.send()
    phone.pull()
    other.pull()
    path = take()
    phone.pull()
    phone.patch("thing", pk, phone="new")
    lost = phone.create("thing", name="born after the backup")
    phone.create("thing_log", thing_id=lost, said="hello")
    phone.send()
    phone.pull()
    other.pull()
    other.patch("thing", pk, terms="30 days")
    other.send()
    other.pull()
    assert (phone.outbox, other.outbox) == ([], [])
    done = put_back(path)
    assert world.row("thing", lost) is None
    assert (world.row("thing", pk) or {})["phone"] == "old"
    for _ in range(2):
        for one in (phone, other):
            assert one.pull()[0].header["epoch"] == done.epoch
            one.send()
            one.pull()
    assert (world.row("thing", pk) or {}) | {"phone": "new", "terms": "30 days"} == world.row("thing", pk)
    assert [log["said"] for log in other.all("thing_log")] == ["hello"]
    assert set(phone.verify().values()) == set(other.verify().values()) == {"ok"}
    assert check(world.engine, world.place.registry) == []


def test_a_push_before_the_first_pull_after_a_restore_leaves_no_gap(
    world: World, phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    pk = phone.create("thing", name="Tea house")
    phone.send()
    path = take()
    phone.pull()
    phone.patch("thing", pk, phone="lost")
    phone.send()
    phone.pull()
    put_back(path)
    phone.patch("thing", pk, terms="typed after")
    reply = phone.push()
    assert (reply.receipts, reply.expected_seq) == ([], phone.seq - 1)
    phone.pull()
    assert [r.status for r in phone.send()] == ["duplicate", "applied", "applied"]
    row = world.row("thing", pk) or {}
    assert (row["phone"], row["terms"]) == ("lost", "typed after")


def test_what_was_acknowledged_before_the_first_pull_comes_back_too(
    world: World, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    fresh = world.phone(world.person(A))
    path = take()
    pk = fresh.create("thing", name="typed on a new phone")
    fresh.send()
    put_back(path)
    assert world.row("thing", pk) is None
    fresh.pull()
    assert [r.status for r in fresh.send()] == ["applied"]


def test_a_copied_profile_does_not_take_for_its_own_what_its_twin_gave_a_restored_server(
    world: World, phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    pk = phone.create("thing", name="Tea house")
    phone.send()
    phone.pull()
    path = take()
    twin = replace(phone, outbox=[], mirror=dict(phone.mirror), journal=list(phone.journal), over=dict(phone.over))
    twin.create("thing", name="known to the server that is lost")
    twin.send()
    put_back(path)
    phone.patch("thing", pk, phone="never seen by the twin")
    phone.send()
    twin.delete("thing", pk)
    reply = twin.push()
    assert reply.fork
    assert reply.fork.last_equal_seq is None
    twin.fork(None)
    assert [(r.seq, r.status) for r in twin.send()] == [(1, "duplicate"), (2, "applied"), (3, "merged")]
    twin.pull()
    assert "never seen by the twin" in str([row for row in twin.all("conflict") if row["group"] == "deleted"])


def test_a_value_of_the_restored_time_is_never_overwritten_in_silence(
    world: World, phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    other = world.phone(world.person(A))
    pk = phone.create("thing", name="Tea house", phone="first")
    phone.send()
    path = take()
    phone.pull()
    other.pull()
    phone.patch("thing", pk, phone="lost, then sent again")
    phone.send()
    phone.pull()
    put_back(path)
    other.pull()
    other.patch("thing", pk, phone="typed after the restore")
    other.send()
    phone.pull()
    phone.send()
    phone.pull()
    [conflict] = [row for row in phone.all("conflict") if row["group"] == "phone"]
    values = {conflict["current"]["value"]["phone"], *(c["value"]["phone"] for c in conflict["candidates"])}
    assert values == {"lost, then sent again", "typed after the restore"}


def test_one_taken_before_an_update_is_brought_up_by_the_restore(
    world: World, phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    pk = phone.create("thing", name="Tea house")
    phone.send()
    migrate.downgrade(world.engine, "0004_importing")
    path = take()
    migrate.upgrade(world.engine)
    assert durable(world) == 0
    put_back(path)
    assert (world.row("thing", pk) or {})["name"] == "Tea house"
    assert durable(world) == head(world)


def test_one_of_a_newer_release_or_another_database_is_refused(
    phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    phone.create("thing", name="Tea house")
    phone.send()
    path = take()
    with unpacked(path) as (manifest, dump):
        for change, words in ({"dialect": "oracle"}, "is of oracle"), ({}, "is of a newer release"):
            facts = replace(manifest.facts, migration="9999_future")
            other = path.with_name(words)
            archive.write(other, dump, replace(manifest, facts=facts, **change))
            with pytest.raises(click.ClickException, match=words):
                put_back(other)


def test_a_copy_that_lacks_something_is_no_backup(
    phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    phone.create("thing", name="Tea house")
    phone.send()
    path = take()
    with unpacked(path) as (manifest, dump):
        facts = replace(manifest.facts, scopes={**manifest.facts.scopes, "territory:x": (1, "0" * 32)})
        other = path.with_name("other")
        archive.write(other, dump, replace(manifest, facts=facts))
    with pytest.raises(click.ClickException, match="Its scopes is"):
        put_back(other)


def test_it_refuses_to_replace_what_is_there(
    world: World, phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    phone.create("thing", name="Tea house")
    phone.send()
    path = take()
    with pytest.raises(click.ClickException, match="--replace"):
        put_back(path, may_replace=False)
    phone.create("thing", name="later")
    phone.send()
    file = Path(world.engine.url.database or "")
    if world.engine.dialect.name == "sqlite":
        file.chmod(0o640)
    done = put_back(path)
    assert done.former
    assert world.engine.dialect.name != "sqlite" or file.stat().st_mode & 0o777 == 0o640
    assert done.epoch >= world.now // 1000
    assert durable(world) == head(world) == done.facts.last_seq


def test_it_refuses_while_the_server_runs(
    world: World, phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored]
) -> None:
    pk = phone.create("thing", name="Tea house")
    phone.send()
    path = take()
    server = create_engine(world.engine.url)
    with server.connect() as connection:
        connection.execute(text("SELECT * FROM server_state")).all()
        with pytest.raises(click.ClickException, match="stop the server first"):
            put_back(path)
    server.dispose()
    assert (world.row("thing", pk) or {})["name"] == "Tea house"


def test_a_damaged_file_is_refused(
    phone: Phone, take: Callable[..., Path], put_back: Callable[..., Restored], tmp_path: Path
) -> None:
    phone.create("thing", name="Tea house")
    phone.send()
    path = take()
    whole = path.read_bytes()
    middle, most = len(whole) // 2, len(whole) - 100
    # Some bits of a packed file mean nothing: one alone may change no byte of what comes out.
    turned = bytes(byte ^ 0xFF for byte in whole)
    places = [whole[:at] + turned[at : at + 64] + whole[at + 64 :] for at in (0, 80, middle)]
    for damaged in (*places, whole[:middle], whole[:most]):
        path.write_bytes(damaged)
        with pytest.raises(click.ClickException, match=r"cannot be read as a backup|is damaged"):
            put_back(path)
    (tmp_path / "note.txt").write_text("no backup")
    with pytest.raises(click.ClickException, match="cannot be read as a backup"):
        put_back(tmp_path / "note.txt")


def test_a_backup_of_a_damaged_database_does_not_count(world: World, phone: Phone, take: Callable[..., Path]) -> None:
    phone.create("thing", name="Tea house")
    phone.send()
    damage(world, "DELETE FROM change_log WHERE seq = 1")
    with pytest.raises(click.ClickException, match="is not sound"):
        take()
    assert durable(world) == 0


def test_without_its_programs_postgresql_says_what_is_missing(
    world: World, phone: Phone, take: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    if world.engine.dialect.name == "sqlite":
        return
    monkeypatch.setattr(postgresql.shutil, "which", lambda _name: None)
    with pytest.raises(click.ClickException, match="pg_dump was not found"):
        take()


def damage(world: World, statement: str) -> None:
    with world.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


DAMAGES = {
    "UPDATE synced_row SET body = CAST('{\"name\":\"other\"}' AS {blob}) WHERE entity = 'thing'": "The body of thing",
    "DELETE FROM synced_row WHERE entity = 'thing_note'": "its rows are",
    "UPDATE scope_sum SET count = count + 1": "its running sum says",
    "UPDATE contract_things SET name = 'other'": "typed table's row of thing",
    "INSERT INTO contract_things (id, name) VALUES ('x', 'y')": "1 rows too many",
    "DELETE FROM change_log WHERE seq = 2": "Numbers missing in the log: 1, the first is 2",
    "DELETE FROM change_log WHERE seq = 1": "The log begins at 2",
    "UPDATE server_state SET last_seq = last_seq + 5": "numbers were drawn",
    "DELETE FROM change_scope": "missing in the log's index",
    "UPDATE synced_row SET scope = 'everyone' WHERE entity = 'thing_note'": "is not what its columns say",
    "UPDATE mutation_record SET commit_txn = 'x'": "received in no transaction",
    "UPDATE sync_device SET last_seq = 0": "above their device's last one",
    "UPDATE scope_grant SET id = id + 100": "above the last one drawn",
}


@pytest.mark.parametrize("statement", DAMAGES)
def test_damage_is_found(world: World, phone: Phone, statement: str) -> None:
    pk = phone.create("thing", name="Tea house")
    phone.create("thing_note", thing_id=pk, text="a")
    phone.create("thing", name="Rice shop")
    phone.send()
    assert check(world.engine, world.place.registry) == []
    blob = "BLOB" if world.engine.dialect.name == "sqlite" else "BYTEA"
    damage(world, statement.replace("{blob}", blob))
    found = check(world.engine, world.place.registry)
    assert any(DAMAGES[statement] in sentence for sentence in found), found


class TestBlobs:
    @pytest.fixture
    def cycle(
        self, world: World, shelf: Shelf, tmp_path: Path
    ) -> tuple[Callable[[], Path], Callable[[Path], Restored]]:
        """Backs up and restores with blobs."""
        folder, registry, now = tmp_path / "backups", world.place.registry, datetime.fromtimestamp(1_800_000_000, UTC)

        def take() -> Path:
            return back_up(world.engine, registry, folder, now, blobs=shelf.store)

        def put_back(path: Path) -> Restored:
            listing = EraseList(tmp_path / "erased.jsonl")
            return restore(world.engine, registry, path, now, listing, may_replace=True, blobs=shelf.store)

        return take, put_back

    def test_a_restore_on_an_empty_disk_brings_them_back(self, world, shelf, phone, cycle, tmp_path):
        take, put_back = cycle
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        path = take()
        assert durable(world) > 0
        shutil.rmtree(tmp_path / "blobs")
        assert put_back(path).lost == 0
        assert fetch(shelf, phone, sha(PHOTO)) == PHOTO
        assert sick(world, shelf) == []

    def test_what_a_backup_lacks_is_sent_again_by_who_holds_it(self, world, shelf, phone, cycle, tmp_path):
        take, put_back = cycle
        path = take()
        complete = send(shelf, phone, PHOTO)
        assert (complete.log_seq or 0) >= durable(world)  # so the device still keeps its copy
        put_back(path)
        assert announce(shelf, phone, PHOTO).state == "uploading"
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        assert fetch(shelf, phone, sha(PHOTO)) == PHOTO

    def test_bytes_that_are_nowhere_are_told_and_taken_anew(self, world, shelf, phone, cycle, tmp_path):
        take, put_back = cycle
        send(shelf, phone, PHOTO)
        path = take()
        shutil.rmtree(tmp_path / "blobs")
        shutil.rmtree(tmp_path / "backups" / "blobs")
        assert put_back(path).lost == 1
        assert sick(world, shelf) == []
        assert send(shelf, phone, PHOTO).state == "complete"

    def test_a_backup_whose_blobs_are_damaged_does_not_count(self, world, shelf, phone, cycle):
        take, _ = cycle
        send(shelf, phone, PHOTO)
        phone.create("thing", name="shop")
        phone.push()
        [(key, _)] = list(shelf.store.listing())
        (shelf.store.path / key).write_bytes(bytes(len(PHOTO)))
        with pytest.raises(click.ClickException, match="damaged"):
            take()
        assert durable(world) == 0

    @pytest.mark.parametrize("is_killed", [False, True])
    def test_one_that_a_sweep_takes_away_meanwhile_does_not_spoil_the_backup(
        self, world, shelf, phone, cycle, monkeypatch, is_killed
    ):
        take, put_back = cycle
        send(shelf, phone, PHOTO)
        phone.create("thing", name="shop")
        phone.push()
        read = Folder.read

        def swept(folder: Folder, key: str, start: int = 0):
            world.now += 201 * DAY_MS
            with suppress(KeyboardInterrupt):
                keeping.sweep(shelf)
            return read(folder, key, start)

        def killed(*_arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Folder, "read", swept)
        if is_killed:  # its row is still there, its bytes are not
            monkeypatch.setattr(keeping, "_remove", killed)
        path = take()
        assert durable(world) > 0
        monkeypatch.undo()
        assert put_back(path).lost == 1
        assert sick(world, shelf) == []

    def test_a_backup_that_lacks_bytes_which_should_be_there_does_not_count(self, world, shelf, phone, cycle, tmp_path):
        take, _ = cycle
        send(shelf, phone, PHOTO)
        shutil.rmtree(tmp_path / "blobs")
        with pytest.raises(click.ClickException, match="missing"):
            take()
        assert durable(world) == 0

    def test_each_is_carried_once(self, shelf, phone, cycle, tmp_path):
        take, _ = cycle
        send(shelf, phone, PHOTO)
        take()
        [copy] = (tmp_path / "backups" / "blobs").glob("*/*")
        written_at = copy.stat().st_mtime_ns
        phone.create("thing", name="shop")
        phone.push()
        take()
        assert copy.stat().st_mtime_ns == written_at
