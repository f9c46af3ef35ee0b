"""Many devices at once: each polls and pushes as in a working day, only that the visits follow one another faster."""

import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from tests.bench import day
from tests.bench.client import Client
from tests.bench.measure import Measure
from tests.e2e.company import Company

DEVICES = int(os.environ.get("BENCH_DEVICES", "100"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
POLL_S, VISIT_S = 30, 60
REPS = ("chen", "lin", "huang", "zhang", "wu", "li")
HANDS = 64
"""So many requests can be under way at once."""
MANY = "100000 per minute"
LIMITS = {"BAIFANG_SIGN_IN_LIMIT_PER_ADDRESS": MANY, "BAIFANG_SIGN_IN_LIMIT_PER_ACCOUNT": MANY}


@dataclass
class Device:
    """A rep's device with some customers; its requests follow one another."""

    rep: str
    client: Client
    customers: list[str]
    cursor: str
    acknowledged: set[str] = field(default_factory=set[str])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def poll(self) -> None:
        """Fetch what is new."""
        *_, last = self.client.news(self.cursor)
        self.cursor = str(last.end["cursor"])

    def visit(self) -> None:
        """Push one contact that happened."""
        [made] = day.contacts_made(1, [random.choice(self.customers)])
        self.client.push([made])
        self.acknowledged.add(made.pk)


@dataclass
class Tally:
    """Milliseconds from when an act was due until it was done, and what went wrong."""

    polls: list[float] = field(default_factory=list[float])
    visits: list[float] = field(default_factory=list[float])
    errors: list[str] = field(default_factory=list[str])


def measure(folder: Path) -> list[Measure]:
    """Let all devices work for a while; then all that was acknowledged must be on the server."""
    company = Company(folder / "devices", LIMITS)
    company.run("db", "up")
    company.run("demo", "--customers", "1")
    company.start()
    try:
        devices = [ready(company, REPS[number % len(REPS)]) for number in range(DEVICES)]
        tally = work(devices)
        lost = sum(len(missing(company, rep, devices)) for rep in REPS)
    finally:
        company.stop()
    for error in tally.errors[:3]:
        print(error, flush=True)
    note = f"{DEVICES:,} devices, each polls every {POLL_S} s and pushes every {VISIT_S} s, {SECONDS} s"
    count = sum(len(device.acknowledged) for device in devices)
    return [
        *(Measure("many devices: poll", "ms", tally.polls, pick, note=note) for pick in ("median", "p95", "p99")),
        *(Measure("many devices: push", "ms", tally.visits, pick, note=note) for pick in ("median", "p95", "p99")),
        Measure("many devices: errors", "requests", [len(tally.errors)], aim=0),
        Measure(f"many devices: acknowledged but not present, of {count:,}", "records", [lost], aim=0),
    ]


def ready(company: Company, rep: str) -> Device:
    """Signed in, with customers of its own, level."""
    client = Client(company.port)
    client.sign_in(rep, company.password)
    mine = day.customers(5)
    client.push(mine)
    return Device(rep, client, [mutation.pk for mutation in mine], client.settle())


def work(devices: list[Device]) -> Tally:
    """Do every act when it is due; a late one counts from when it was due."""
    tally = Tally()
    due: SimpleQueue[tuple[float, Device, Callable[[], None], list[float]]] = SimpleQueue()
    for at, device, act, into in sorted(acts(devices, tally), key=lambda each: each[0]):
        due.put((at, device, act, into))
    begun = time.perf_counter()

    def hand() -> None:
        while True:
            try:
                at, device, act, into = due.get_nowait()
            except Empty:
                return
            time.sleep(max(0.0, begun + at - time.perf_counter()))
            with device.lock:
                try:
                    act()
                except Exception as problem:
                    tally.errors.append(repr(problem))
            into.append(1_000 * (time.perf_counter() - begun - at))

    hands = [threading.Thread(target=hand) for _ in range(HANDS)]
    for each in hands:
        each.start()
    for each in hands:
        each.join()
    return tally


def acts(devices: list[Device], tally: Tally) -> list[tuple[float, Device, Callable[[], None], list[float]]]:
    """When each device does what: evenly, from a moment of its own."""
    dice = random.Random(DEVICES)
    found: list[tuple[float, Device, Callable[[], None], list[float]]] = []
    for device in devices:
        for act, every, into in ((device.poll, POLL_S, tally.polls), (device.visit, VISIT_S, tally.visits)):
            at = dice.uniform(0, min(every, SECONDS))
            while at < SECONDS:
                found.append((at, device, act, into))
                at += every
    return found


def missing(company: Company, rep: str, devices: list[Device]) -> set[str]:
    """What a rep's devices were told is there and a new device of the rep does not get."""
    client = Client(company.port)
    client.sign_in(rep, company.password)
    lines = [line for answer in client.download() for line in answer.lines]
    present = {line["pk"] for line in lines if line.get("op") == "upsert"}
    return {pk for device in devices if device.rep == rep for pk in device.acknowledged} - present
