"""What the tests of blobs share: sending as a device does, fetching, and looking into tables and store."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from server.errors import DomainError
from server.replication.blobs import keeping, reading, uploads
from server.replication.blobs.models import BlobUpload
from server.replication.blobs.shelf import Shelf
from sync.wire.blob import BlobReply, BlobRequest
from tests.contract.world import Phone, World
from tests.factories import files

JPEG = "image/jpeg"
PHOTO = files.jpeg(filling=bytes(range(250)) * 40)
SITES = [("sqlite", "folder"), ("postgresql", "folder"), ("sqlite", "bucket")]
"""Which database, and which store of bytes beside it."""
AT_EVERY_SITE = pytest.mark.parametrize(("backend", "store"), SITES, indirect=True, ids=[f"{d}-{s}" for d, s in SITES])


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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


def sick(world: World, shelf: Shelf) -> list[str]:
    with world.place.snapshot() as session:
        return list(keeping.find_damage(session, shelf.store))


def clock_of_files() -> int:
    """What a store's moments are told by; a world's own time is another."""
    return time.time_ns() // 1_000_000


def list_of(shelf: Shelf) -> list[str]:
    """The keys in the store, without their random ends."""
    return sorted(key.partition(".")[0] for key, _ in shelf.store.listing())
