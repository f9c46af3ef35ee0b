"""What an erased person's photos leave: nothing, whenever the server was killed, restored or sent them again (R34)."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from server.operations.backup import back_up
from server.operations.erase_list import EraseList
from server.operations.restore import Restored, restore
from server.replication import framing
from server.replication.blobs import keeping
from server.replication.blobs.folder import Folder
from server.replication.blobs.models import Blob
from server.replication.blobs.shelf import DAY_MS, Shelf
from server.replication.push import push
from tests.contract.blobs import clock_of_files, counted, fetch, list_of, refusal, send, sha, show, sick, sync
from tests.contract.erasures import Erase, moment
from tests.contract.world import Phone, World, new_id
from tests.factories import files

SHARED, OWN = files.jpeg(filling=b"shared"), files.jpeg(filling=b"own")


@pytest.fixture
def shown(shelf: Shelf, pair: tuple[Phone, Phone, str]) -> str:
    """A thing with two photos, of which another thing shows one, too."""
    phone = pair[0]
    for data in (SHARED, OWN):
        send(shelf, phone, data)
    thing, _ = show(phone, sha(OWN))
    phone.create("thing_photo", thing_id=thing, sha256=sha(SHARED))
    sync(phone)
    show(phone, sha(SHARED))
    return thing


@pytest.fixture
def erased(pair: tuple[Phone, Phone, str], erase: Erase) -> tuple[Phone, Phone, str]:
    """Two colleagues, and a thing that was erased on request, which both still have."""
    erase("thing", pair[2])
    return pair


@dataclass
class Backups:
    """Backups with their photos."""

    world: World
    shelf: Shelf
    listing: EraseList
    path: Path

    def take(self) -> Path:
        """A backup, a minute later."""
        self.world.now += 60_000
        world = self.world
        return back_up(world.engine, world.place.registry, self.path, moment(world), blobs=self.shelf.store)

    def put_back(self, path: Path) -> Restored:
        """Restore one over what is served."""
        world, store = self.world, self.shelf.store
        registry = world.place.registry
        return restore(world.engine, registry, path, moment(world), self.listing, may_replace=True, blobs=store)


@pytest.fixture
def backups(world: World, shelf: Shelf, listing: EraseList, tmp_path: Path) -> Backups:
    """None was taken yet."""
    return Backups(world, shelf, listing, tmp_path / "backups")


def is_only_shared(world: World, shelf: Shelf) -> bool:
    """Whether the other one is gone from table and store, and nothing is amiss."""
    kept = [f"{sha(SHARED)[:2]}/{sha(SHARED)}"]
    return (counted(world, Blob), list_of(shelf), sick(world, shelf)) == (1, kept, [])


def test_they_go_at_once(world: World, shelf: Shelf, pair: tuple[Phone, Phone, str], shown: str, erase: Erase) -> None:
    erase("thing", shown)
    assert keeping.sweep(shelf).blobs == 1
    assert refusal(lambda: fetch(shelf, pair[1], sha(OWN))) == ("not_found", 404)
    assert fetch(shelf, pair[1], sha(SHARED)) == SHARED
    assert is_only_shared(world, shelf)


def test_a_killed_erasure_lets_go_of_them_at_the_next_start(
    world: World, shelf: Shelf, shown: str, erase: Erase
) -> None:
    erase("thing", shown)
    assert len(list_of(shelf)) == 2
    assert keeping.sweep_let_go(shelf) == 1
    assert is_only_shared(world, shelf)
    assert keeping.sweep_let_go(shelf) == 0


def test_a_start_takes_nothing_else(world: World, shelf: Shelf, pair: tuple[Phone, Phone, str]) -> None:
    send(shelf, pair[0], OWN)
    world.now += 10**12
    assert (keeping.sweep_let_go(shelf), counted(world, Blob)) == (0, 1)


class TestRestore:
    @pytest.mark.parametrize("was_killed", [False, True])
    def test_a_backup_of_before_does_not_bring_them_back(
        self, world: World, shelf: Shelf, shown: str, erase: Erase, backups: Backups, was_killed: bool
    ) -> None:
        path = backups.take()
        erase("thing", shown)
        if not was_killed:
            keeping.sweep(shelf)
        assert backups.put_back(path).lost == 0
        assert is_only_shared(world, shelf)

    def test_on_another_machine_only_the_other_ones_come(
        self, world: World, shelf: Shelf, shown: str, erase: Erase, backups: Backups
    ) -> None:
        path = backups.take()
        erase("thing", shown)
        assert isinstance(shelf.store, Folder)
        shutil.rmtree(shelf.store.path)
        assert backups.put_back(path).lost == 0
        assert is_only_shared(world, shelf)

    def test_a_backup_of_before_the_sweep_does_not_carry_them(
        self, world: World, shelf: Shelf, shown: str, erase: Erase, backups: Backups
    ) -> None:
        erase("thing", shown)
        path = backups.take()
        assert [copy.name for copy in (backups.path / "blobs").glob("*/*")] == [sha(SHARED)]
        backups.put_back(path)
        assert is_only_shared(world, shelf)

    def test_what_came_after_the_backup_lies_a_week_and_no_longer(
        self, world: World, shelf: Shelf, shown: str, erase: Erase, backups: Backups, pair: tuple[Phone, Phone, str]
    ) -> None:
        path = backups.take()
        late = files.jpeg(filling=b"late")
        world.now = max(world.now, clock_of_files()) + 30 * DAY_MS
        send(shelf, pair[0], late)
        erase("thing", shown)
        backups.put_back(path)
        assert len(list_of(shelf)) == 2  # nobody can name it, but the former database could be put back
        world.now += 6 * DAY_MS
        assert keeping.sweep(shelf).files == 0
        send(shelf, pair[1], late)  # whoever still holds it sends it, under another key
        world.now += 2 * DAY_MS
        assert (keeping.sweep(shelf).files, len(list_of(shelf)), sick(world, shelf)) == (1, 2, [])


@pytest.mark.parametrize("is_drained", [False, True])
def test_what_an_offline_device_brings_for_them_goes_with_the_next_sweep(
    world: World, shelf: Shelf, erased: tuple[Phone, Phone, str], is_drained: bool
) -> None:
    _one, other, thing = erased
    send(shelf, other, OWN)
    other.create("thing_photo", thing_id=thing, sha256=sha(OWN))
    header, items = framing.read_push(other.body(), world.now)
    reply = push(world.place, other.actor, header, items, is_drained=is_drained)
    assert [receipt.code for receipt in reply.receipts] == ["erased"]
    assert keeping.sweep(shelf).blobs == 1
    assert (counted(world, Blob), list_of(shelf)) == (0, [])


def test_what_another_row_names_stays_though_it_is_sent_for_an_erased_one(
    shelf: Shelf, erased: tuple[Phone, Phone, str]
) -> None:
    one, other, thing = erased
    send(shelf, one, SHARED)
    show(one, sha(SHARED))
    other.create("thing_photo", thing_id=thing, sha256=sha(SHARED))
    other.send()
    assert keeping.sweep(shelf).blobs == 0
    assert fetch(shelf, one, sha(SHARED)) == SHARED


def test_what_is_let_go_of_while_a_sweep_looks_is_left_to_the_next_one(
    shelf: Shelf, erased: tuple[Phone, Phone, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _one, other, thing = erased
    send(shelf, other, SHARED)
    find = keeping.find_named

    def find_and_wait(session: Session, wanted: set[str]) -> set[str]:
        found = find(session, wanted)
        for parent in (new_id(), thing):  # the one parks, the other is dropped
            other.create("thing_photo", thing_id=parent, sha256=sha(SHARED))
        other.send()
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(keeping, "find_named", find_and_wait)
        assert keeping.sweep(shelf).blobs == 0
    assert (keeping.sweep(shelf).blobs, list_of(shelf)) == (0, [f"{sha(SHARED)[:2]}/{sha(SHARED)}"])


def test_what_was_let_go_of_counts_anew_when_it_is_sent_again(
    world: World, shelf: Shelf, pair: tuple[Phone, Phone, str], shown: str, erase: Erase, backups: Backups
) -> None:
    erase("thing", shown)
    backed_up = int(backups.take().stem.rpartition("-")[2])
    reply = send(shelf, pair[0], OWN)
    assert (reply.log_seq or 0) >= backed_up  # that backup is without it
    show(pair[0], sha(OWN))
    assert (keeping.sweep(shelf).blobs, fetch(shelf, pair[1], sha(OWN)), sick(world, shelf)) == (0, OWN, [])
