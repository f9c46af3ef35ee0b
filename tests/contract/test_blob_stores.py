"""What every store of bytes keeps of its word, a folder as well as a bucket (SPEC 18, R35)."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from server.errors import DomainError
from server.replication.blobs import bucket as buckets
from server.replication.blobs.bucket import PIECE, Bucket
from server.replication.blobs.store import BlobStore, MissingBytesError
from tests.contract.blobs import refusal
from tests.factories.objects import SECRET, ObjectStore

KEY = "ab/ab12.9f3c"
DOWN = ("blobs_unavailable", 503)


def read(store: BlobStore, key: str = KEY, start: int = 0) -> bytes:
    return b"".join(store.read(key, start))


@pytest.mark.parametrize("store", ["folder", "bucket"], indirect=True)
class TestEveryStore:
    def test_what_was_put_in_pieces_is_read_whole_or_from_anywhere(self, store):
        data = bytes(range(256)) * (2 * PIECE // 256) + b"end"
        store.put(KEY, (data[at : at + 70_000] for at in range(0, len(data), 70_000)))
        assert store.size(KEY) == len(data)
        assert read(store) == data
        for start in (1, PIECE - 1, PIECE, PIECE + 1, len(data) - 1, len(data)):
            assert read(store, start=start) == data[start:], start

    def test_a_put_that_is_cut_leaves_nothing(self, store):
        def cut() -> Iterator[bytes]:
            yield bytes(PIECE)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.put(KEY, cut())
        assert (store.size(KEY), list(store.listing())) == (None, [])

    def test_missing_bytes_are_known_before_the_first_piece(self, store):
        with pytest.raises(MissingBytesError):
            store.read(KEY)
        store.put(KEY, [b"x"])
        pieces = store.read(KEY)
        store.delete(KEY)
        with pytest.raises(MissingBytesError):
            next(pieces)

    def test_a_join_whose_part_is_missing_leaves_nothing(self, store):
        store.put("parts/1", [b"x"])
        parts = ("parts/1", "parts/2")
        with pytest.raises(MissingBytesError):
            store.put(KEY, (piece for part in parts for piece in store.read(part)))
        assert store.size(KEY) is None

    def test_what_is_deleted_is_gone_and_may_be_deleted_again(self, store):
        store.put(KEY, [b"x"])
        store.put("ab/other", [b"y"])
        for _ in range(2):
            store.delete(KEY)
        assert (store.size(KEY), [key for key, _ in store.listing()]) == (None, ["ab/other"])

    def test_all_is_listed_with_the_moment_of_its_writing(self, store):
        before = time.time() * 1000
        for key in ("parts/2", KEY, "parts/1"):
            store.put(key, [b"x"])
        after = time.time() * 1000
        listed = list(store.listing())
        assert [key for key, _ in listed] == [KEY, "parts/1", "parts/2"]
        assert all(before - 1_000 <= moment <= after for _, moment in listed)  # a bucket tells whole seconds


ASKED: dict[str, Callable[[Bucket], object]] = {
    "put": lambda bucket: bucket.put(KEY, [b"x"]),
    "read": lambda bucket: bucket.read(KEY),
    "size": lambda bucket: bucket.size(KEY),
    "delete": lambda bucket: bucket.delete(KEY),
    "listing": lambda bucket: list(bucket.listing()),
}


class TestBucket:
    def test_what_lies_beside_its_prefix_is_not_its_own(self, object_store: ObjectStore, bucket: Bucket):
        object_store.bucket().put(KEY, [b"somebody else's"])
        assert (bucket.size(KEY), list(bucket.listing())) == (None, [])

    @pytest.mark.parametrize("asked", ASKED)
    def test_one_that_is_down_refuses_and_tells_no_secret(
        self, frail_store: ObjectStore, asked: str, caplog: pytest.LogCaptureFixture
    ):
        bucket = frail_store.bucket()
        with caplog.at_level(logging.ERROR):
            assert refusal(lambda: ASKED[asked](bucket)) == DOWN
        assert "object store refused" in caplog.text
        assert SECRET not in caplog.text + repr(bucket)

    def test_one_that_goes_down_while_it_is_read_refuses(self, frail_store: ObjectStore):
        frail_store.start()
        bucket = frail_store.bucket()
        bucket.put(KEY, [b"x"])
        pieces = bucket.read(KEY)
        frail_store.stop()
        assert refusal(lambda: next(pieces)) == DOWN

    def test_a_bucket_that_is_not_there_takes_nothing_for_kept(self, object_store: ObjectStore):
        bucket = object_store.bucket(blob_bucket="another")
        assert refusal(lambda: bucket.put(KEY, [b"x"])) == DOWN
        assert refusal(lambda: list(bucket.listing())) == DOWN

    def test_one_that_never_answers_is_not_waited_for(self, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(buckets, "PATIENCE", timedelta(milliseconds=200))
        with socket.create_server(("127.0.0.1", 0)) as silent:
            bucket = object_store.bucket(blob_endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}")
            begun = time.monotonic()
            with pytest.raises(DomainError):
                bucket.put(KEY, [b"x"])
        assert time.monotonic() - begun < 2

    def test_credentials_of_the_environment_are_not_mixed_in(
        self, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("AWS_SESSION_TOKEN", "of-another-account")
        monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
        sent = heard(lambda address: object_store.bucket(blob_endpoint=address).put(KEY, [b"x"]))
        assert "Credential=somebody/" in sent
        assert "of-another-account" not in sent


def heard(act: Callable[[str], object]) -> str:
    """What is sent to an address by something that is then refused."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act, f"http://127.0.0.1:{server.getsockname()[1]}")
        connection, _ = server.accept()
        with connection:
            sent = connection.recv(1 << 16).decode()
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        assert refusal(acting.result) == DOWN
    return sent
