"""Chunks of snapshots kept as files: shared by all, and never served once a row left the scope (SPEC 12.3, R5)."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication import snapshot
from server.replication.chunks import Chunks
from server.replication.models import ChangeLog
from server.shared.log_lock import raise_epoch
from server.shared.scope import territory_scope
from sync.wire.snapshot import SnapshotRequest
from tests.contract.world import Phone, World, new_id


@pytest.fixture
def territory(world: World) -> str:
    """A territory with three things, each a chunk of its own."""
    home = new_id()
    author = world.phone(world.person(home))
    for name in ("a", "b", "c"):
        author.create("thing", name=name)
    author.send()
    return home


@pytest.fixture(autouse=True)
def one_row_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make chunks of one row."""
    monkeypatch.setattr(snapshot, "CHUNK_ROWS", 1)


def files(world: World) -> dict[Path, int]:
    """What is kept, and when it was written."""
    assert world.chunks is not None
    return {file: file.stat().st_mtime_ns for file in world.chunks.folder.rglob("*") if file.is_file()}


def names(phone: Phone) -> list[str]:
    """The things in a phone's mirror."""
    return sorted(row["name"] for row in phone.all("thing"))


def first_pk(world: World, territory: str) -> str:
    """The pk of the thing in the first chunk."""
    reader = world.phone(world.person(territory))
    reader.pull()
    return min(row["pk"] for row in reader.all("thing"))


def test_a_second_phone_is_served_the_files_that_the_first_one_made(
    world: World, territory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.phone(world.person(territory)).pull()
    kept = files(world)
    assert len(kept) == 3
    monkeypatch.setattr(snapshot, "_made", lambda *_: pytest.fail("a chunk was made again"))
    second = world.phone(world.person(territory))
    second.download(territory_scope(territory))
    assert names(second) == ["a", "b", "c"]
    assert files(world) == kept


def test_what_changed_since_comes_with_the_join(world: World, territory: str) -> None:
    pk = first_pk(world, territory)
    kept = files(world)
    world.patch("thing", pk, name="new")
    late = world.phone(world.person(territory))
    late.pull()
    assert "new" in names(late)
    assert len(names(late)) == 3
    assert set(files(world)) == set(kept)
    assert set(late.verify().values()) == {"ok"}


def test_a_row_that_left_is_shown_to_nobody_who_comes_later(world: World, territory: str) -> None:
    pk = first_pk(world, territory)
    kept = files(world)
    world.move(pk, new_id())
    late = world.phone(world.person(territory))
    late.download(territory_scope(territory))
    assert late.see("thing", pk) is None
    assert not set(files(world)) & set(kept)


def test_a_deleted_row_is_shown_to_nobody_who_comes_later(world: World, territory: str) -> None:
    author = world.phone(world.person(territory))
    author.pull()
    pk = min(row["pk"] for row in author.all("thing"))
    author.delete("thing", pk)
    author.send()
    late = world.phone(world.person(territory))
    late.download(territory_scope(territory))
    assert late.see("thing", pk) is None


def test_a_row_that_leaves_in_the_middle_of_a_download_is_not_served_from_a_file(world: World, territory: str) -> None:
    pks = sorted(row["pk"] for row in _reader(world, territory).all("thing"))
    late, scope = world.phone(world.person(territory)), territory_scope(territory)
    token, _ = late.chunk(scope, None)
    world.move(pks[-1], new_id())
    is_done = False
    while not is_done:
        token, is_done = late.chunk(scope, token)
    assert late.see("thing", pks[-1]) is None
    assert late.see("thing", pks[0]) is not None


def test_a_file_is_no_way_around_a_grant(world: World, territory: str) -> None:
    _reader(world, territory)
    stranger = world.phone(world.person(new_id()))
    with pytest.raises(DomainError, match="forbidden"):
        snapshot.packed(world.place, stranger.actor, SnapshotRequest(territory_scope(territory), None))


def test_another_epoch_another_log_and_another_release_begin_anew(world: World, territory: str) -> None:
    _reader(world, territory)
    kept = files(world)
    with Session(world.engine) as session, session.begin():
        session.execute(update(ChangeLog).values(txn=new_id()))
    assert names(_reader(world, territory)) == ["a", "b", "c"]
    anew = files(world)
    assert not set(anew) & set(kept)
    with Session(world.engine) as session, session.begin():
        raise_epoch(session, 2)
    assert names(_reader(world, territory)) == ["a", "b", "c"]
    last = files(world)
    assert not set(last) & set(anew)
    assert world.chunks is not None
    world.place = replace(world.place, chunks=Chunks(world.chunks.folder, "next"))
    assert names(_reader(world, territory)) == ["a", "b", "c"]
    assert not set(files(world)) & set(last)


def test_after_many_changes_a_download_begins_afresh(
    world: World, territory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = first_pk(world, territory)
    kept = files(world)
    monkeypatch.setattr(snapshot, "MOST_CHANGES", 1)
    world.patch("thing", pk, name="x")
    _reader(world, territory)
    assert set(files(world)) == set(kept)
    world.patch("thing", pk, name="y")
    _reader(world, territory)
    assert not set(files(world)) & set(kept)


def test_files_are_the_servers_alone(world: World, territory: str) -> None:
    _reader(world, territory)
    assert {file.stat().st_mode & 0o777 for file in files(world)} == {0o600}


def _reader(world: World, territory: str) -> Phone:
    phone = world.phone(world.person(territory))
    phone.pull()
    return phone


def test_where_no_file_can_be_written_chunks_are_served_all_the_same(
    world: World, territory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    phone = world.phone(world.person(territory))
    phone.pull()
    assert names(phone) == ["a", "b", "c"]
    assert files(world) == {}


def test_a_file_gets_its_name_once_its_bytes_are_on_the_disk(
    world: World, territory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    named: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.add(os.fstat(file).st_ino))
    rename = Path.replace

    def name_it(source: Path, target: Path) -> Path:
        named.append(source.stat().st_ino)
        assert named[-1] in synced
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", name_it)
    world.phone(world.person(territory)).pull()
    assert len(named) >= 3
