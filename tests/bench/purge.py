"""Measures what `baifang purge` costs as the log grows, on both databases, and how long writers wait meanwhile.

Run it with `python -m tests.bench.purge`; BENCH_PURGE names the sizes in rows (10000 100000). A tenth of the customers,
each of ten rows, is deleted; then 200 days pass.
"""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy import create_engine, text

from server.replication.place import DAY_MS
from server.replication.purge import purge
from server.shared import migrate
from server.shared.db import prepare
from tests.bench.replication import NOTE, databases
from tests.contract import things
from tests.contract.world import Phone, World, new_id

SIZES = tuple(int(size) for size in os.environ.get("BENCH_PURGE", "10000 100000").split())
PER_CUSTOMER, PER_PUSH = 10, 500


def grow(phone: Phone, rows: int) -> list[str]:
    """Customers with notes of half a KB until there are so many rows; returns the customers."""
    customers = list[str]()
    for _ in range(rows // PER_CUSTOMER):
        customers.append(phone.create("thing", name="Tea house"))
        for _ in range(PER_CUSTOMER - 1):
            phone.create("thing_note", thing_id=customers[-1], text=NOTE[:200])
        if len(phone.outbox) >= PER_PUSH:
            sent(phone)
    sent(phone)
    return customers


def sent(phone: Phone) -> None:
    """Push, and keep nothing: a bench has no use for a journal."""
    assert all(receipt.status == "applied" for receipt in phone.send())
    phone.journal, phone.over = [], {}


def remove(phone: Phone, customers: list[str]) -> None:
    """Delete whole customers, as the device that wrote them: without a conflict."""
    for pk in customers:
        phone.delete("thing", pk)
        if len(phone.outbox) >= PER_PUSH:
            sent(phone)
    sent(phone)


@contextmanager
def writing(phone: Phone) -> Generator[list[float]]:
    """Somebody who writes all the while, twenty times a second; the seconds that each push took."""
    over, waits = Event(), list[float]()

    def write() -> None:
        while not over.wait(0.05):
            phone.create("thing", name="new")
            start = time.perf_counter()
            sent(phone)
            waits.append(time.perf_counter() - start)

    thread = Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def measure(name: str, url: str, rows: int) -> None:
    """Print one database's figures for one size."""
    engine = prepare(create_engine(url))
    migrate.upgrade(engine)
    things.METADATA.create_all(engine)
    world = World(engine)
    person = world.person(new_id())
    phone = world.phone(person)
    remove(phone, grow(phone, rows)[::10])
    world.now += 200 * DAY_MS
    world.phone(person).pull()
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))  # as autovacuum has done in 200 days
    with writing(world.phone(person)) as waits:
        time.sleep(2)
        before, start, busy = len(waits), time.perf_counter(), time.process_time()
        done = purge(world.place)
        took, own = time.perf_counter() - start, time.process_time() - busy
        during = waits[before:] or [0.0]
    start = time.perf_counter()
    again = purge(world.place)
    idle = time.perf_counter() - start
    assert again.rows == 0
    print(
        f"{name:11} {rows:9,} rows: {done.log_entries:9,} log entries and {done.rows:7,} rows went in {took:7.1f} s "
        f"({own:6.1f} s of own CPU), pushes took up to {max(during) * 1000:5,.0f} ms meanwhile, "
        f"{max(waits[:before]) * 1000:4,.0f} before; with nothing to do {idle:5.2f} s",
        flush=True,
    )
    engine.dispose()


def main() -> None:
    """Every size on every database, each fresh."""
    for rows in SIZES:
        with databases() as urls:
            for name, url in urls.items():
                measure(name, url, rows)


if __name__ == "__main__":
    main()
