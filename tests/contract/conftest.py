"""A world over each database, and a phone in it."""

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event

from server.operations.erase_list import EraseList
from server.operations.erasure import erase_subject
from server.replication import snapshot
from server.replication.blobs.bucket import Bucket
from server.replication.blobs.folder import Folder
from server.replication.blobs.shelf import Shelf
from server.replication.blobs.store import BlobStore
from server.replication.chunks import Chunks
from server.shared.actor import OPERATOR
from server.shared.db import prepare
from tests.contract import things
from tests.contract.draining import Keyed, keyed
from tests.contract.erasures import Erase, moment
from tests.contract.territories import A, B
from tests.contract.world import Phone, World
from tests.factories.objects import ObjectStore


@pytest.fixture
def world(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[World]:
    """A server over a fresh database, once on each backend; it keeps even the smallest chunk."""
    monkeypatch.setattr(snapshot, "WORTH_KEEPING", 1)
    engine = prepare(create_engine(database_url))
    things.METADATA.create_all(engine)
    yield World(engine, Chunks(tmp_path / "chunks", "release"))
    engine.dispose()


@pytest.fixture
def rep(world: World) -> tuple[Phone, str]:
    """A phone in territory A that holds one thing with a note."""
    phone = world.phone(world.person(A))
    pk = phone.create("thing", name="Tea house")
    phone.create("thing_note", thing_id=pk, text="first")
    phone.send()
    phone.pull()
    return phone, pk


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Bytes as files."""
    return Folder(tmp_path / "blobs")


@pytest.fixture
def bucket(object_store: ObjectStore) -> Bucket:
    """Bytes as objects; nobody else's are there."""
    return object_store.bucket()


@pytest.fixture
def store(request: pytest.FixtureRequest) -> BlobStore:
    """Where bytes are kept: a folder, unless a test that concerns every store says which."""
    return request.getfixturevalue(getattr(request, "param", "folder"))


@pytest.fixture
def shelf(world: World, store: BlobStore) -> Shelf:
    """Where the world's blobs are kept; none may have more than a MiB."""
    return Shelf(world.place, store, 1 << 20)


@pytest.fixture
def listing(tmp_path: Path) -> EraseList:
    """The list beside the database."""
    return EraseList(tmp_path / "kept" / "erased.jsonl")


@pytest.fixture
def erase(world: World, listing: EraseList) -> Erase:
    """Carries out a request."""
    return lambda entity, pk: erase_subject(world.place, listing, OPERATOR, (entity, pk), moment(world))


@pytest.fixture
def careless(world: World) -> None:
    """SQLite that does not overwrite what it frees, as most builds do not."""
    if world.engine.dialect.name == "sqlite":
        world.engine.dispose()
        event.listen(world.engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=OFF"))


@pytest.fixture
def pair(world: World) -> tuple[Phone, Phone, str]:
    """Two colleagues in A, and a thing that both have."""
    one, other = (world.phone(world.person(A)) for _ in range(2))
    one.pull()
    pk = one.create("thing", name="Tea house")
    one.send()
    one.pull()
    other.pull()
    return one, other, pk


@pytest.fixture
def leaver(world: World) -> Keyed:
    """Somebody who works in A, with a drain key; a test ends their access."""
    return keyed(world, A)


@pytest.fixture
def successor(world: World) -> Phone:
    """Somebody else who has A."""
    return level(world, A)


@pytest.fixture
def phone(world: World) -> Phone:
    """Somebody who works in A."""
    return level(world, A)


@pytest.fixture
def colleague(world: World) -> Phone:
    """Somebody who works in A, too."""
    return level(world, A)


@pytest.fixture
def stranger(world: World) -> Phone:
    """Somebody who works in B."""
    return level(world, B)


def level(world: World, territory: str) -> Phone:
    """A new phone of somebody who works there; it holds what is there."""
    phone = world.phone(world.person(territory))
    phone.pull()
    return phone
