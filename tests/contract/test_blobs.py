"""Blobs: cut at every chunk, damaged, doubled, hidden, forgotten; whole or not at all (SPEC 18, R35, I23)."""

import errno
import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from server.errors import DomainError
from server.replication.blobs import keeping, reading, uploads
from server.replication.blobs.models import Blob, BlobPart, BlobReference, BlobUpload
from server.replication.blobs.shelf import DAY_MS, MAX_CHUNK, MOST_UPLOADS, Shelf
from server.shared.log_lock import read_counters
from sync.wire.blob import BlobReply, BlobRequest
from tests.contract.world import Phone, World, new_id
from tests.factories import files

A, B = new_id(), new_id()
PHOTO = files.jpeg(filling=bytes(range(250)) * 40)
JPEG = "image/jpeg"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def phone(world: World) -> Phone:
    phone = world.phone(world.person(A))
    phone.pull()
    return phone


@pytest.fixture
def colleague(world: World) -> Phone:
    phone = world.phone(world.person(A))
    phone.pull()
    return phone


@pytest.fixture
def stranger(world: World) -> Phone:
    phone = world.phone(world.person(B))
    phone.pull()
    return phone


def announce(shelf: Shelf, phone: Phone, data: bytes, **more: Any) -> BlobReply:
    asked = replace(BlobRequest(2, sha(data), len(data), JPEG, phone.person), **more)
    return uploads.begin(shelf, phone.actor, asked)


def look(shelf: Shelf, phone: Phone, upload: str | None) -> BlobUpload:
    return uploads.look(shelf, phone.actor, upload or "")


def give(shelf: Shelf, phone: Phone, upload: str | None, offset: int, data: bytes) -> BlobReply:
    return uploads.append(shelf, phone.actor, upload or "", offset, hashlib.sha256(data).digest(), data)


def send(shelf: Shelf, phone: Phone, data: bytes, step: int = 1 << 20, **more: Any) -> BlobReply:
    reply = announce(shelf, phone, data, **more)
    while reply.state == "uploading":
        reply = give(shelf, phone, reply.upload, reply.offset, data[reply.offset : reply.offset + step])
    return reply


def fetch(shelf: Shelf, phone: Phone, name: str, start: int = 0) -> bytes:
    return b"".join(reading.open_blob(shelf, phone.actor, name, start).pieces)


def refusal(act: Callable[[], Any]) -> tuple[str, int]:
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.code, caught.value.status


def show(phone: Phone, name: str) -> tuple[str, str]:
    """A thing with a row that names the blob, pushed."""
    thing = phone.create("thing", name="shop")
    photo = phone.create("thing_photo", thing_id=thing, sha256=name)
    sync(phone)
    return thing, photo


def sync(phone: Phone) -> None:
    phone.push()
    phone.pull()


def counted(world: World, table: Any) -> int:
    with world.place.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


class TestUploading:
    @pytest.mark.parametrize("step", [1, 977, 5_000, len(PHOTO) - 1, len(PHOTO), 1 << 20])
    def test_a_blob_arrives_in_chunks_of_any_size(self, shelf, phone, colleague, step):
        data = files.jpeg() if step == 1 else PHOTO
        assert send(shelf, phone, data, step).state == "complete"
        show(phone, sha(data))
        assert fetch(shelf, colleague, sha(data)) == data

    def test_cut_after_each_chunk_it_goes_on_where_it_was(self, shelf, phone):
        step, offset, states = 1_000, 0, list[str]()
        while offset < len(PHOTO):
            reply = announce(shelf, phone, PHOTO)  # the app was killed: it knows nothing any more
            assert reply.offset == offset
            reply = give(shelf, phone, reply.upload, offset, PHOTO[offset : offset + step])
            offset = reply.offset
            states.append(reply.state)
        assert states == ["uploading"] * (len(PHOTO) // step) + ["complete"]

    def test_a_chunk_whose_answer_was_lost_is_not_taken_twice(self, shelf, phone):
        upload = announce(shelf, phone, PHOTO).upload
        give(shelf, phone, upload, 0, PHOTO[:1_000])
        assert refusal(lambda: give(shelf, phone, upload, 0, PHOTO[:1_000])) == ("wrong_offset", 409)
        assert look(shelf, phone, upload).received == 1_000
        assert give(shelf, phone, upload, 1_000, PHOTO[1_000:]).state == "complete"

    def test_the_answer_to_the_last_chunk_was_lost(self, shelf, phone):
        first = send(shelf, phone, PHOTO)
        again = announce(shelf, phone, PHOTO)
        assert (again.state, again.log_seq) == ("complete", first.log_seq)

    def test_a_server_killed_before_joining_joins_when_asked_again(self, shelf, phone, monkeypatch):
        upload = announce(shelf, phone, PHOTO).upload
        with monkeypatch.context() as patched:
            patched.setattr(uploads, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                give(shelf, phone, upload, 0, PHOTO)
        reply = announce(shelf, phone, PHOTO)
        assert (reply.state, reply.offset) == ("uploading", len(PHOTO))
        assert give(shelf, phone, upload, len(PHOTO), b"").state == "complete"

    def test_a_damaged_chunk_is_asked_for_again(self, shelf, phone):
        upload = announce(shelf, phone, PHOTO).upload
        right = hashlib.sha256(PHOTO).digest()
        damaged = PHOTO[:-1] + b"\0"
        refused = refusal(lambda: uploads.append(shelf, phone.actor, upload or "", 0, right, damaged))
        assert refused == ("chunk_damaged", 422)
        assert give(shelf, phone, upload, 0, PHOTO).state == "complete"

    def test_what_is_not_what_was_announced_begins_anew(self, shelf, phone):
        upload = announce(shelf, phone, PHOTO).upload
        wrong = files.jpeg(filling=bytes(len(PHOTO) - len(files.jpeg())))
        assert len(wrong) == len(PHOTO)
        assert refusal(lambda: give(shelf, phone, upload, 0, wrong)) == ("blob_mismatch", 422)
        assert refusal(lambda: give(shelf, phone, upload, 0, PHOTO)) == ("upload_gone", 404)
        assert send(shelf, phone, PHOTO).state == "complete"
        assert list_of(shelf) == [f"{sha(PHOTO)[:2]}/{sha(PHOTO)}"]

    def test_chunks_that_are_gone_from_the_disk_begin_anew(self, shelf, phone):
        upload = announce(shelf, phone, PHOTO).upload
        give(shelf, phone, upload, 0, PHOTO[:100])
        for key, _ in list(shelf.store.listing()):
            shelf.store.delete(key)
        assert refusal(lambda: give(shelf, phone, upload, 100, PHOTO[100:])) == ("blob_mismatch", 422)
        assert send(shelf, phone, PHOTO).state == "complete"

    @pytest.mark.parametrize("data", [files.PROGRAM + bytes(500), files.PAGE, files.jpeg(tags=(files.GPS,))])
    def test_a_renamed_program_or_a_photo_with_its_place_is_refused(self, world, shelf, phone, data):
        assert refusal(lambda: send(shelf, phone, data)) == ("blob_refused", 415)
        assert (counted(world, Blob), counted(world, BlobUpload), list_of(shelf)) == (0, 0, [])

    def test_what_is_too_large_or_of_no_kind_is_refused_before_it_is_sent(self, shelf, phone):
        assert refusal(lambda: announce(shelf, phone, PHOTO, size=shelf.max_bytes + 1)) == ("blob_too_large", 413)
        assert refusal(lambda: announce(shelf, phone, PHOTO, media_type="text/html")) == ("blob_refused", 415)
        assert refusal(lambda: announce(shelf, phone, PHOTO, sha256="x" * 64)) == ("bad_envelope", 400)
        assert refusal(lambda: announce(shelf, phone, PHOTO, size=0)) == ("bad_envelope", 400)

    def test_more_than_was_announced_is_refused(self, shelf, phone):
        upload = announce(shelf, phone, PHOTO).upload
        assert refusal(lambda: give(shelf, phone, upload, 0, PHOTO + b"\0")) == ("blob_too_large", 413)
        big = announce(shelf, phone, b"x", size=shelf.max_bytes).upload
        assert refusal(lambda: give(shelf, phone, big, 0, bytes(MAX_CHUNK + 1))) == ("blob_too_large", 413)

    def test_of_two_tabs_that_send_one_blob_neither_spoils_it(self, shelf, phone):
        faults: list[str] = []

        def tab() -> None:
            reply = announce(shelf, phone, PHOTO)
            while reply.state == "uploading":
                try:
                    reply = give(shelf, phone, reply.upload, reply.offset, PHOTO[reply.offset : reply.offset + 500])
                except DomainError as refused:
                    if refused.code not in ("wrong_offset", "upload_gone"):
                        faults.append(refused.code)
                        return
                    reply = announce(shelf, phone, PHOTO)

        tabs = [threading.Thread(target=tab) for _ in range(3)]
        for thread in tabs:
            thread.start()
        for thread in tabs:
            thread.join()
        assert faults == []
        assert list_of(shelf) == [f"{sha(PHOTO)[:2]}/{sha(PHOTO)}"]

    def test_an_upload_that_stood_still_for_a_week_begins_anew(self, world, shelf, phone):
        give(shelf, phone, announce(shelf, phone, PHOTO).upload, 0, PHOTO[:100])
        world.now += 8 * DAY_MS
        assert announce(shelf, phone, PHOTO).offset == 0
        assert list_of(shelf) == []

    def test_a_person_has_only_so_many_unfinished_ones(self, world, shelf, phone, colleague):
        others = announce(shelf, colleague, PHOTO)
        for number in range(MOST_UPLOADS + 5):
            announce(shelf, phone, b"%d" % number)
        assert counted(world, BlobUpload) == MOST_UPLOADS + 1
        assert look(shelf, colleague, others.upload).received == 0

    def test_somebody_elses_upload_is_as_one_that_is_not_there(self, shelf, phone, colleague):
        upload = announce(shelf, phone, PHOTO).upload
        assert refusal(lambda: look(shelf, colleague, upload)) == ("upload_gone", 404)
        assert refusal(lambda: give(shelf, colleague, upload, 0, PHOTO)) == ("upload_gone", 404)

    def test_the_outbox_of_somebody_else_is_not_taken(self, shelf, phone, colleague):
        assert refusal(lambda: announce(shelf, phone, PHOTO, person=colleague.person)) == ("wrong_person", 403)

    def test_a_full_disk_refuses_and_the_same_chunk_works_afterwards(self, shelf, phone, monkeypatch):
        upload = announce(shelf, phone, PHOTO).upload
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            assert refusal(lambda: give(shelf, phone, upload, 0, PHOTO)) == ("storage_full", 503)
        assert list_of(shelf) == []
        assert give(shelf, phone, upload, 0, PHOTO).state == "complete"


def full(_file: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class TestSeeing:
    def test_a_row_whose_blob_has_not_come_is_there_and_says_so(self, shelf, phone, colleague):
        _, photo = show(phone, sha(PHOTO))
        colleague.pull()
        assert colleague.see("thing_photo", photo)["sha256"] == sha(PHOTO)
        assert refusal(lambda: fetch(shelf, colleague, sha(PHOTO))) == ("blob_on_its_way", 404)
        send(shelf, phone, PHOTO)
        assert fetch(shelf, colleague, sha(PHOTO)) == PHOTO
        assert fetch(shelf, colleague, sha(PHOTO), 100) == PHOTO[100:]

    def test_who_sees_no_row_sees_no_blob(self, shelf, phone, stranger):
        send(shelf, phone, PHOTO)
        assert refusal(lambda: fetch(shelf, phone, sha(PHOTO))) == ("not_found", 404)  # no row shows it yet
        show(phone, sha(PHOTO))
        assert refusal(lambda: fetch(shelf, stranger, sha(PHOTO))) == ("not_found", 404)

    def test_it_goes_and_comes_with_its_row(self, world, shelf, phone, stranger):
        send(shelf, phone, PHOTO)
        thing, photo = show(phone, sha(PHOTO))
        world.move(thing, B)
        assert fetch(shelf, stranger, sha(PHOTO)) == PHOTO
        assert refusal(lambda: fetch(shelf, phone, sha(PHOTO))) == ("not_found", 404)
        stranger.pull()
        stranger.delete("thing_photo", photo)
        sync(stranger)
        assert refusal(lambda: fetch(shelf, stranger, sha(PHOTO))) == ("not_found", 404)

    def test_whether_it_is_here_is_told_to_nobody_who_may_not_see_it(self, shelf, phone, colleague, stranger):
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        assert announce(shelf, stranger, PHOTO).state == "uploading"
        assert announce(shelf, colleague, PHOTO).state == "complete"

    def test_a_name_alone_borrows_nothing(self, shelf, phone, stranger):
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        show(stranger, sha(PHOTO))  # learned from a row that once was in scope
        assert refusal(lambda: fetch(shelf, stranger, sha(PHOTO))) == ("blob_on_its_way", 404)
        assert announce(shelf, stranger, PHOTO).state == "uploading"
        assert send(shelf, stranger, PHOTO).state == "complete"
        assert fetch(shelf, stranger, sha(PHOTO)) == PHOTO

    def test_a_duplicate_is_kept_once(self, world, shelf, phone, stranger):
        assert send(shelf, phone, PHOTO).log_seq == send(shelf, stranger, PHOTO).log_seq
        assert (counted(world, Blob), len(list_of(shelf))) == (1, 1)

    def test_a_photo_of_a_row_that_left_before_it_was_sent_reaches_who_has_it_now(self, world, shelf, phone, stranger):
        thing = phone.create("thing", name="shop")
        sync(phone)
        phone.create("thing_photo", thing_id=thing, sha256=sha(PHOTO))
        world.move(thing, B)
        send(shelf, phone, PHOTO)
        sync(phone)
        assert fetch(shelf, stranger, sha(PHOTO)) == PHOTO

    def test_a_row_that_names_another_blob_shows_that_one_only(self, shelf, phone, colleague):
        other = files.jpeg(filling=b"other")
        send(shelf, phone, PHOTO)
        send(shelf, phone, other)
        _, photo = show(phone, sha(PHOTO))
        phone.patch("thing_photo", photo, sha256=None, more=[sha(other)])
        sync(phone)
        assert refusal(lambda: fetch(shelf, colleague, sha(PHOTO))) == ("not_found", 404)
        assert fetch(shelf, colleague, sha(other)) == other

    def test_bytes_that_are_gone_from_the_disk_are_on_their_way(self, shelf, phone):
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        for key, _ in list(shelf.store.listing()):
            shelf.store.delete(key)
        assert refusal(lambda: fetch(shelf, phone, sha(PHOTO))) == ("blob_on_its_way", 404)

    def test_bytes_that_are_gone_from_the_disk_come_again_from_who_holds_them(self, shelf, phone):
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        for key, _ in list(shelf.store.listing()):
            shelf.store.delete(key)
        assert send(shelf, phone, PHOTO).state == "complete"
        assert fetch(shelf, phone, sha(PHOTO)) == PHOTO


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

    def test_uploads_and_files_that_nobody_knows_go(self, world, shelf, phone):
        give(shelf, phone, announce(shelf, phone, PHOTO).upload, 0, PHOTO[:100])
        shelf.store.put("ab/lost", [b"left by a killed server"])
        world.now += 8 * DAY_MS
        assert keeping.sweep(shelf).uploads == 1
        world.now += 300 * DAY_MS * 2
        assert (keeping.sweep(shelf).files, list_of(shelf)) == (1, [])
        assert counted(world, BlobPart) == 0

    def test_what_an_erased_person_sent_goes_at_once(self, world, shelf, phone, colleague, erase):
        shared, own = files.jpeg(filling=b"shared"), files.jpeg(filling=b"own")
        for data in (shared, own):
            send(shelf, phone, data)
        thing, _ = show(phone, sha(own))
        phone.create("thing_photo", thing_id=thing, sha256=sha(shared))
        sync(phone)
        show(phone, sha(shared))
        erase("thing", thing)
        assert keeping.sweep(shelf).blobs == 1
        assert refusal(lambda: fetch(shelf, colleague, sha(own))) == ("not_found", 404)
        assert fetch(shelf, colleague, sha(shared)) == shared
        assert list_of(shelf) == [f"{sha(shared)[:2]}/{sha(shared)}"]

    def test_damage_is_found(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        assert sick(world, shelf) == []
        [(key, _)] = list(shelf.store.listing())
        path = shelf.store.path / key
        path.write_bytes(b"x" + PHOTO[1:])
        assert len(sick(world, shelf)) == 1
        path.unlink()
        assert "missing" in sick(world, shelf)[0]

    def test_a_backup_of_a_later_position_holds_it(self, world, shelf, phone):
        reply = send(shelf, phone, PHOTO)
        with world.place.snapshot() as session:
            assert reply.log_seq == read_counters(session).last_seq


def sick(world: World, shelf: Shelf) -> list[str]:
    with world.place.snapshot() as session:
        return list(keeping.find_damage(session, shelf.store))


def list_of(shelf: Shelf) -> list[str]:
    """The keys in the store, without their random ends."""
    return sorted(key.partition(".")[0] for key, _ in shelf.store.listing())
