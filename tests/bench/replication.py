"""Measures push, pull and snapshot in rows/s on both databases, beside the databases' own upserts.

Run it with `python -m tests.bench.replication`. What is timed is the server's work on bytes that came in, to
bytes that go out, without HTTP; the phone's own work is not. Both databases write to disk at every commit.
"""

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
from sqlalchemy import Table, create_engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.replication import framing
from server.replication.models import SyncedRow
from server.replication.pull import pull
from server.replication.push import push
from server.replication.rows import COLUMNS
from server.replication.snapshot import snapshot
from server.shared import migrate
from server.shared.db import is_sqlite, prepare, writing
from server.shared.scope import territory_scope
from sync.wire.pull import PullRequest
from sync.wire.snapshot import SnapshotRequest
from tests.contract import things
from tests.contract.world import Phone, World, new_id
from tests.factories.machine import require
from tests.factories.postgres import running_cluster

PUSHES, PER_PUSH, PAGE = 20, 500, 2_000
NOTE = "拜訪紀錄 " * 42
"""With it a mutation's line is about 1 KB."""


@contextmanager
def databases() -> Generator[dict[str, str]]:
    """A fresh SQLite file and a fresh PostgreSQL cluster."""
    folder = Path(tempfile.mkdtemp(prefix="bf-bench-"))
    try:
        with running_cluster(require("PostgreSQL")) as cluster:
            yield {"SQLite": f"sqlite:///{folder / 'bench.db'}", "PostgreSQL": cluster.create("bench")}
    finally:
        shutil.rmtree(folder)


def report(name: str, what: str, work: Callable[[], int]) -> None:
    """Time the work, which returns how many rows it was, and print its speed.

    Also by this process's own processor time, which a busy machine changes little; PostgreSQL's share is not in it.
    """
    start, busy = time.perf_counter(), time.process_time()
    rows = work()
    speed, own = rows / (time.perf_counter() - start), rows / (time.process_time() - busy)
    print(f"{name:11} {what:34} {rows:7,} rows {speed:9,.0f} rows/s {own:9,.0f} rows/s of own CPU", flush=True)


def measure(name: str, url: str) -> None:
    """Print one database's figures."""
    engine = prepare(create_engine(url))
    migrate.upgrade(engine)
    things.METADATA.create_all(engine)
    world, territory = World(engine), new_id()
    person = world.person(territory)
    reader, writers = world.phone(person), [world.phone(person) for _ in range(PUSHES)]
    reader.pull()
    creates = [(phone, filled(phone)) for phone in writers]
    report(name, "push of 500 creates of 1 KB", lambda: receive(world, creates))
    rows = start_of(reader)
    report(name, "pull", lambda: sum(1 for _ in pulled(world, reader)))
    report(name, "snapshot", lambda: downloaded(world, reader, territory))
    for phone in writers:
        phone.outbox = []
        phone.mirror = rows(phone)
    patches = [(phone, patched(phone)) for phone in writers]
    report(name, "push of 500 patches of 1 KB", lambda: receive(world, patches))
    report(name, "the database's own upserts, raw", lambda: upserted(world))
    engine.dispose()


def filled(phone: Phone) -> bytes:
    """A push of creates."""
    for number in range(PER_PUSH):
        phone.create("thing", name=f"{number}", phone="02-2345-6789", notes=NOTE)
    return phone.body()


def patched(phone: Phone) -> bytes:
    """A push of patches of what the mirror holds."""
    for _, pk in list(phone.mirror)[:PER_PUSH]:
        phone.patch("thing", pk, phone="02-9876-5432", notes=f"{NOTE}.")
    return phone.body()


def receive(world: World, bodies: list[tuple[Phone, bytes]]) -> int:
    """Push bytes in, encode the answer; every mutation must have been applied."""
    done = 0
    for phone, body in bodies:
        header, items = framing.read_push(body, world.now)
        reply = push(world.place, phone.actor, header, items)
        msgspec.json.encode(reply)
        done += sum(receipt.status == "applied" for receipt in reply.receipts)
    assert done == PUSHES * PER_PUSH
    return done


def pulled(world: World, reader: Phone) -> Iterator[bytes]:
    """The bodies of all pages since the reader's cursor."""
    cursor, is_done = reader.cursor, False
    while not is_done:
        asked = PullRequest(1, reader.id, cursor, None, 0, 0, PAGE, reader.person)
        lines = pull(world.place, reader.actor, asked).split(b"\n")[:-1]
        end = msgspec.json.decode(lines[-1])
        cursor, is_done = end["cursor"], end["caught_up"]
        yield from (line for line in lines if line.startswith(b'{"op":"upsert"'))


def start_of(reader: Phone) -> Callable[[Phone], Any]:
    """How a writer's mirror is filled: by one pull that is not timed."""
    seen = Phone(reader.world, reader.person, cursor=reader.cursor)
    seen.pull(limit=PAGE)
    held = list(seen.mirror.items())

    def share(phone: Phone) -> Any:
        del phone
        part = held[:PER_PUSH]
        del held[:PER_PUSH]
        return dict(part)

    return share


def downloaded(world: World, reader: Phone, territory: str) -> int:
    """The rows of all chunks."""
    token, is_done, rows = None, False, 0
    while not is_done:
        asked = SnapshotRequest(territory_scope(territory), token)
        lines = snapshot(world.place, reader.actor, asked).split(b"\n")[:-1]
        rows += len(lines) // 2 - 1
        end = msgspec.json.decode(lines[-1])
        token, is_done = end["token"], end["done"]
    return rows


def upserted(world: World) -> int:
    """The same columns into the same table, 500 a transaction, nothing merged, logged or acknowledged."""
    with Session(world.engine) as session:
        found = session.execute(select(*COLUMNS).where(SyncedRow.entity == "thing").limit(PUSHES * PER_PUSH))
        rows = [dict(row) for row in found.mappings()]
        insert = (sqlite if is_sqlite(session) else postgresql).insert(cast("Table", SyncedRow.__table__))
    statement = insert.on_conflict_do_update(
        index_elements=["entity", "pk"], set_={"body": insert.excluded.body, "n": insert.excluded.n}
    )
    for start in range(0, len(rows), PER_PUSH):
        with Session(world.engine) as session, writing(session):
            session.connection().execute(statement, rows[start : start + PER_PUSH])
    return len(rows)


def main() -> None:
    """Measure both databases."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with databases() as urls:
        for name, url in urls.items():
            measure(name, url)


if __name__ == "__main__":
    main()
