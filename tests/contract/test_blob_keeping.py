"""What keeps a blob, and that a sweep takes the rest in small steps that may be killed (SPEC 18.7, R11, R35)."""

import pytest
from sqlalchemy import event

from server.replication.blobs import keeping, naming, references
from server.replication.blobs.models import Blob, BlobPart, BlobProof, BlobReference
from server.replication.blobs.shelf import DAY_MS, Shelf
from server.replication.blobs.store import BlobStore
from server.replication.rows import Row
from server.shared.log_lock import read_counters
from sync.core.state import RowState, Write
from tests.contract.blobs import (
    AT_EVERY_SITE,
    PHOTO,
    announce,
    clock_of_files,
    counted,
    fetch,
    give,
    list_of,
    send,
    sha,
    show,
    sick,
    sync,
)
from tests.contract.territories import A
from tests.contract.world import World, new_id
from tests.factories import files


@AT_EVERY_SITE
class TestKeeping:
    def sweep_after(self, world: World, shelf: Shelf, days: int) -> int:
        world.now += days * DAY_MS
        return keeping.sweep(shelf).blobs

    def test_what_nothing_names_stays_for_200_days(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        assert self.sweep_after(world, shelf, 199) == 0
        assert self.sweep_after(world, shelf, 2) == 1
        assert (counted(world, Blob), list_of(shelf)) == (0, [])
        assert send(shelf, phone, PHOTO).state == "complete"

    def test_asking_again_keeps_it_for_another_200_days(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        world.now += 150 * DAY_MS
        assert announce(shelf, phone, PHOTO).state == "complete"
        assert self.sweep_after(world, shelf, 199) == 0

    def test_a_row_keeps_it_even_deleted(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        _, photo = show(phone, sha(PHOTO))
        phone.delete("thing_photo", photo)
        sync(phone)
        assert self.sweep_after(world, shelf, 300) == 0

    def test_the_history_keeps_it(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        _, photo = show(phone, sha(PHOTO))
        phone.patch("thing_photo", photo, sha256=None)
        sync(phone)
        assert counted(world, BlobReference) == 0
        assert self.sweep_after(world, shelf, 300) == 0

    def test_what_parked_keeps_it(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        phone.create("thing_photo", thing_id=new_id(), sha256=sha(PHOTO))
        sync(phone)
        assert counted(world, BlobReference) == 0
        assert self.sweep_after(world, shelf, 300) == 0

    def test_bytes_that_nobody_could_read_keep_it(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        phone.enqueue(new_id(), b'{"broken \xff": "%s"' % sha(PHOTO).encode())
        sync(phone)
        assert self.sweep_after(world, shelf, 300) == 0

    def test_the_loser_of_a_conflict_keeps_it(self, world, shelf, phone, colleague):
        first, second = files.jpeg(filling=b"1"), files.jpeg(filling=b"2")
        _, photo = show(phone, sha(PHOTO))
        colleague.pull()
        for one, data in ((phone, first), (colleague, second)):
            send(shelf, one, data)
            one.patch("thing_photo", photo, sha256=sha(data))
            sync(one)
        world.now += 300 * DAY_MS
        assert keeping.sweep(shelf).blobs == 0

    def test_a_reference_that_comes_late_finds_it(self, world, shelf, phone, colleague):
        send(shelf, phone, PHOTO)
        assert self.sweep_after(world, shelf, 190) == 0
        show(phone, sha(PHOTO))
        assert self.sweep_after(world, shelf, 300) == 0
        assert fetch(shelf, colleague, sha(PHOTO)) == PHOTO

    def test_uploads_and_files_that_nobody_knows_go_after_a_week(self, world, shelf, phone):
        world.now = clock_of_files()
        give(shelf, phone, announce(shelf, phone, PHOTO).upload, 0, PHOTO[:100])
        shelf.store.put("ab/lost", [b"left by a killed server"])
        world.now += 6 * DAY_MS
        assert (keeping.sweep(shelf), len(list_of(shelf))) == (keeping.Swept(0, 0, 0), 2)
        world.now += 2 * DAY_MS
        assert (keeping.sweep(shelf), list_of(shelf)) == (keeping.Swept(0, 1, 1), [])
        assert counted(world, BlobPart) == 0

    def test_damage_is_found(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        assert sick(world, shelf) == []
        [(key, _)] = list(shelf.store.listing())
        shelf.store.put(key, [b"x" + PHOTO[1:]])
        assert len(sick(world, shelf)) == 1
        shelf.store.delete(key)
        assert "missing" in sick(world, shelf)[0]

    def test_a_backup_of_a_later_position_holds_it(self, world, shelf, phone):
        reply = send(shelf, phone, PHOTO)
        with world.place.snapshot() as session:
            assert reply.log_seq == read_counters(session).last_seq

    def test_a_sweep_holds_no_lock_for_longer_than_a_step(self, world, shelf, phone, monkeypatch):
        photos = [files.jpeg(filling=b"%d" % number) for number in range(7)]
        for data in photos:
            send(shelf, phone, data)
        monkeypatch.setattr(naming, "CHUNK", 2)
        monkeypatch.setattr(keeping, "CHUNK", 2)
        world.now += 201 * DAY_MS
        world.engine.dispose()  # so that a new connection counts from 0
        changes = rows_changed_at_once(world)
        assert keeping.sweep(shelf).blobs == 7
        assert (counted(world, Blob), counted(world, BlobProof), list_of(shelf)) == (0, 0, [])
        assert max(changes) == 4  # two blobs, and who proved to have each

    def test_what_is_named_is_kept_in_small_steps(self, world, shelf, phone, monkeypatch):
        for number in range(5):
            data = files.jpeg(filling=b"%d" % number)
            send(shelf, phone, data)
            show(phone, sha(data))
        monkeypatch.setattr(naming, "CHUNK", 2)
        world.now += 201 * DAY_MS
        world.engine.dispose()  # so that a new connection counts from 0
        changes = rows_changed_at_once(world)
        assert keeping.sweep(shelf).blobs == 0
        assert max(changes) == 2

    @pytest.mark.parametrize("step", ["delete", "_remove"])
    def test_a_killed_sweep_leaves_nothing_that_the_next_one_does_not_find(
        self, world, shelf, phone, monkeypatch, step
    ):
        send(shelf, phone, PHOTO)
        world.now += 201 * DAY_MS
        where = type(shelf.store) if step == "delete" else keeping
        with monkeypatch.context() as patched:
            patched.setattr(where, step, killed)
            with pytest.raises(KeyboardInterrupt):
                keeping.sweep(shelf)
        assert sick(world, shelf) == []  # as good as gone: nobody misses its bytes
        assert keeping.sweep(shelf).blobs == 1
        assert (counted(world, Blob), list_of(shelf)) == (0, [])

    @pytest.mark.parametrize("is_gone", [False, True])
    def test_what_is_sent_again_while_it_goes_stays(self, world, shelf, phone, monkeypatch, is_gone):
        send(shelf, phone, PHOTO)
        world.now += 201 * DAY_MS
        kind = type(shelf.store)
        delete = kind.delete

        def sent_meanwhile(store: BlobStore, key: str) -> None:
            monkeypatch.setattr(kind, "delete", delete)
            if is_gone:
                delete(store, key)
            assert send(shelf, phone, PHOTO).state == "complete"
            delete(store, key)

        monkeypatch.setattr(kind, "delete", sent_meanwhile)
        assert keeping.sweep(shelf).blobs == 0
        show(phone, sha(PHOTO))
        assert fetch(shelf, phone, sha(PHOTO)) == PHOTO
        assert list_of(shelf) == [f"{sha(PHOTO)[:2]}/{sha(PHOTO)}"]


def rows_changed_at_once(world: World) -> list[int]:
    """Grows by a number for each transaction: how many rows it updated or deleted."""
    changes, now = [0], [0]

    def execute(_connection, cursor, statement, *_more) -> None:
        if statement.startswith(("UPDATE", "DELETE")):
            now[0] += cursor.rowcount

    def commit(connection) -> None:
        if world.engine.dialect.name == "sqlite":  # its cursors count nothing where rows are returned
            now[0] = connection.connection.driver_connection.total_changes - sum(changes)
        changes.append(now[0])
        now[0] = 0

    event.listen(world.engine, "after_cursor_execute", execute)
    event.listen(world.engine, "commit", commit)
    return changes


def killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


class TestNaming:
    def test_a_customer_with_20000_photos_moves_at_once(self, world):
        rows = [photo(number) for number in range(20_000)]
        with world.place.writing() as session:
            references.note_references(session, world.place.registry, rows)
            references.note_references(session, world.place.registry, rows)
        assert counted(world, BlobReference) == 20_000


def photo(number: int) -> Row:
    write = Write(new_id(), A, A, 1, (1, 0), (1, 1), 1)
    state = RowState((1, 1), 1, {"sha256": f"{number:064x}"}, {}, write)
    return Row(("thing_photo", new_id()), ("thing", A), "everyone", state, 0, (A, 1))
