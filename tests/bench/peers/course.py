"""The course that every server runs: push, pull, a small delta, and whether all that was acknowledged is there."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.bench.measure import Measure
from tests.bench.peers.peer import Peer, Seat

BATCH = 500
DELTA = 100
ROUNDS = 5
CLIENTS = (1, 8)
T = TypeVar("T")


def run(peer: Peer, rows: int) -> list[Measure]:
    """All measures of one server, and how much of what it acknowledged was missing from pulls."""
    seats = [peer.seat() for _ in range(max(CLIENTS))]
    acknowledged: set[str] = set()
    measures: list[Measure] = []
    for count in CLIENTS:
        measures += leg(peer, seats[:count], rows, acknowledged)
    seconds, [pages] = together(seats[:1], lambda seat: seat.everything())
    found = seats[0].ids(pages)
    lost = len(acknowledged - found)
    return [
        *measures,
        Measure(f"{peer.name}: a new device gets all {len(found):,} records", "rows/s", [len(found) / seconds]),
        Measure(f"{peer.name}: acknowledged but not present, of {len(acknowledged):,}", "records", [lost], aim=0),
    ]


def leg(peer: Peer, seats: Sequence[Seat], rows: int, acknowledged: set[str]) -> list[Measure]:
    """So many clients at once; adds what was acknowledged."""
    clients = f"{len(seats)} client" + ("s" if len(seats) > 1 else "")
    mark = seats[0].mark()
    pushed, ids = push(peer, seats, rows)
    seconds, answers = together(seats, lambda seat: seat.news(mark))
    lacked = set[str]().union(*(ids - seat.ids(pages) for seat, pages in zip(seats, answers, strict=True)))
    deltas = [delta(peer, seats, ids) for _ in range(ROUNDS)]
    acknowledged |= ids
    return [
        more(f"{peer.name}: push in batches of {BATCH}, {clients}", pushed),
        more(f"{peer.name}: pull of {rows:,}, {clients}", len(seats) * rows / seconds),
        Measure(f"{peer.name}: delta of {DELTA}, {clients}", "ms", deltas),
        Measure(f"{peer.name}: acknowledged but not in the pull after it, {clients}", "records", [len(lacked)], aim=0),
    ]


def more(name: str, speed: float) -> Measure:
    """Rows per second, of all clients together."""
    return Measure(name, "rows/s", [speed], more_is_better=True)


def push(peer: Peer, seats: Sequence[Seat], rows: int) -> tuple[float, set[str]]:
    """Push the rows, shared out among the clients; returns rows per second and the ids."""
    bodies: dict[Seat, list[bytes]] = {seat: [] for seat in seats}
    ids: set[str] = set()
    for number in range(rows // BATCH):
        records = peer.records(BATCH)
        seat = seats[number % len(seats)]
        bodies[seat].append(seat.pack(records))
        ids |= {record.pk for record in records}

    def send(seat: Seat) -> None:
        for body in bodies[seat]:
            seat.send(body)

    seconds, _ = together(seats, send)
    return len(ids) / seconds, ids


def delta(peer: Peer, seats: Sequence[Seat], acknowledged: set[str]) -> float:
    """Push a hundred, then let every client fetch them at once; milliseconds until the last one has them."""
    mark = seats[0].mark()
    records = peer.records(DELTA)
    seats[0].send(seats[0].pack(records))
    ids = {record.pk for record in records}
    seconds, answers = together(seats, lambda seat: seat.news(mark))
    assert all(ids <= seat.ids(pages) for seat, pages in zip(seats, answers, strict=True))
    acknowledged |= ids
    return 1_000 * seconds


def together(seats: Sequence[Seat], act: Callable[[Seat], T]) -> tuple[float, list[T]]:
    """All clients act at once; the seconds until the last is done, and what each got. The first failure is raised."""
    found: dict[Seat, T] = {}
    failed: list[Exception] = []

    def work(seat: Seat) -> None:
        try:
            found[seat] = act(seat)
        except Exception as problem:
            failed.append(problem)

    threads = [threading.Thread(target=work, args=(seat,)) for seat in seats]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if failed:
        raise failed[0]
    return seconds, [found[seat] for seat in seats]
