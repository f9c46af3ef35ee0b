"""What the tests of erasure share: a person whom two know, and a search through all that a database keeps."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect, text

from server.operations.erasure import Done
from sync.core.mutation import encode
from tests.contract.world import Phone, World

NAME = "Wang-Xiaoming"
"""Stands in every value that is about the person, and in no other."""

Erase = Callable[[str, str], Done]


def moment(world: World) -> datetime:
    """The world's time."""
    return datetime.fromtimestamp(world.now / 1000, UTC)


def stored(world: World) -> bytes:
    """Every byte that the database keeps: SQLite's files, or all rows of all tables of PostgreSQL."""
    if world.engine.dialect.name == "sqlite":
        path = Path(world.engine.url.database or "")
        files = [file for file in path.parent.glob(f"{path.name}*") if not file.name.endswith("-shm")]
        return b"".join(file.read_bytes() for file in sorted(files))
    parts: list[bytes] = []
    with world.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                parts += [bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row]
    return b"\n".join(parts)


def met(one: Phone, other: Phone, thing: str, said: str = NAME) -> str:
    """A person both know of, as a child of the thing."""
    pk = one.create("thing_note", thing_id=thing, text=f"{said} 1")
    one.send()
    one.pull()
    other.pull()
    return pk


def unread(phone: Phone, pk: str) -> None:
    """Something about the person that no server can decode."""
    mutation = phone.mutation("thing_note", pk, "patch", {"text": f"{NAME} X"})
    phone.enqueue(mutation.id, encode(mutation).replace(b'X"', b'\\ud83d"'))


def park_codes(phone: Phone) -> list[tuple[str, str]]:
    """Why each parked row is parked, and its state."""
    return [(row["code"], row["state"]) for row in phone.all("parked")]


def current(world: World) -> bytes:
    """The database that is served, without the former one, which is kept beside it."""
    if world.engine.dialect.name != "sqlite":
        return stored(world)
    path = Path(world.engine.url.database or "")
    files = (path.with_name(path.name + suffix) for suffix in ("", "-wal"))
    return b"".join(file.read_bytes() for file in files if file.exists())
