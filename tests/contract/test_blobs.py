"""Blobs: cut at every chunk, damaged, doubled, hidden; whole or not at all (SPEC 18, R35, I23)."""

import errno
import hashlib
import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication.blobs import keeping, uploads
from server.replication.blobs.models import Blob, BlobUpload
from server.replication.blobs.shelf import DAY_MS, MAX_CHUNK, MOST_UPLOADS, Shelf
from server.replication.blobs.store import BlobStore
from server.replication.place import Place
from server.shared.log_lock import read_counters
from tests.contract.blobs import (
    AT_EVERY_SITE,
    PHOTO,
    announce,
    counted,
    fetch,
    give,
    list_of,
    look,
    refusal,
    send,
    sha,
    show,
    sick,
    sync,
)
from tests.contract.territories import B
from tests.factories import files

pytestmark = AT_EVERY_SITE


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

    def test_of_several_tabs_that_send_one_blob_none_spoils_it(self, shelf, phone):
        def tab() -> str:
            reply = announce(shelf, phone, PHOTO)
            while reply.state == "uploading":
                try:
                    reply = give(shelf, phone, reply.upload, reply.offset, PHOTO[reply.offset : reply.offset + 500])
                except DomainError as refused:
                    if refused.code not in ("wrong_offset", "upload_gone"):
                        raise
                    reply = announce(shelf, phone, PHOTO)
            return reply.state

        with ThreadPoolExecutor(3) as pool:
            tabs = [pool.submit(tab) for _ in range(3)]
            assert [done.result() for done in tabs] == ["complete"] * 3
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

    def test_a_full_disk_refuses_and_the_same_chunk_works_afterwards(self, shelf, folder, phone, monkeypatch):
        shelf = replace(shelf, store=folder)
        upload = announce(shelf, phone, PHOTO).upload
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            assert refusal(lambda: give(shelf, phone, upload, 0, PHOTO)) == ("storage_full", 503)
        assert list_of(shelf) == []
        assert give(shelf, phone, upload, 0, PHOTO).state == "complete"

    def test_nothing_is_asked_of_the_store_while_a_lock_is_held(self, world, shelf, phone, stranger, monkeypatch):
        watched = replace(shelf, store=Watched(shelf.store, monkeypatch))
        send(watched, phone, PHOTO, step=5_000)
        assert announce(watched, phone, PHOTO).state == "complete"
        send(watched, stranger, PHOTO)
        for key, _ in list(shelf.store.listing()):
            shelf.store.delete(key)
        send(watched, stranger, PHOTO)
        world.now += 201 * DAY_MS
        assert keeping.sweep(watched).blobs == 1


class Watched:
    """A store that fails when a writing transaction is open."""

    def __init__(self, store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.open = store, 0
        writing = Place.writing

        @contextmanager
        def counted(place: Place) -> Generator[Session]:
            with writing(place) as session:
                self.open += 1
                try:
                    yield session
                finally:
                    self.open -= 1

        monkeypatch.setattr(Place, "writing", counted)

    def __getattr__(self, name: str) -> Any:
        assert self.open == 0, name
        return getattr(self.store, name)


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

    def test_nor_is_it_told_by_how_long_the_store_takes_to_answer(self, shelf, phone, stranger, monkeypatch):
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        monkeypatch.setattr(type(shelf.store), "size", None)
        assert announce(shelf, stranger, PHOTO).state == "uploading"

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

    def test_bytes_that_are_gone_come_again_even_from_who_may_not_know_of_them(self, world, shelf, phone, stranger):
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        for key, _ in list(shelf.store.listing()):
            shelf.store.delete(key)
        phone.create("thing", name="later")
        phone.push()
        healed = send(shelf, stranger, PHOTO)
        with world.place.snapshot() as session:
            assert healed.log_seq == read_counters(session).last_seq  # only a later backup holds them
        assert fetch(shelf, phone, sha(PHOTO)) == PHOTO
        assert sick(world, shelf) == []

    def test_bytes_that_were_cut_short_are_replaced(self, world, shelf, phone, stranger):
        send(shelf, phone, PHOTO)
        show(phone, sha(PHOTO))
        [(key, _)] = list(shelf.store.listing())
        shelf.store.put(key, [PHOTO[:100]])
        assert send(shelf, stranger, PHOTO).state == "complete"
        assert fetch(shelf, phone, sha(PHOTO)) == PHOTO
        assert (sick(world, shelf), len(list_of(shelf))) == ([], 1)

    def test_what_is_swept_while_it_is_announced_is_asked_for_again(self, world, shelf, phone):
        send(shelf, phone, PHOTO)
        world.now += 201 * DAY_MS
        meanwhile = replace(shelf, store=SweptMeanwhile(shelf))
        assert announce(meanwhile, phone, PHOTO).state == "uploading"
        assert send(shelf, phone, PHOTO).state == "complete"
        assert list_of(shelf) == [f"{sha(PHOTO)[:2]}/{sha(PHOTO)}"]


class SweptMeanwhile:
    """A store that is swept just after somebody looked whether a blob is there."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shelf.store, name)

    def size(self, key: str) -> int | None:
        """The size, just before it is gone."""
        size = self.shelf.store.size(key)
        keeping.sweep(self.shelf)
        return size
