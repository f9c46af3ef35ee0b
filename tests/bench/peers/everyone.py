"""Sends ours, on both databases, and each peer through the same course, one after another on the idle machine."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.measure import Measure
from tests.bench.peers import course, kinto, ours, pouchdb
from tests.bench.peers.peer import Peer
from tests.factories.machine import require
from tests.factories.postgres import running_cluster

Tell = Callable[[Sequence[Measure]], None]


def measure(folder: Path, rows: int, tell: Tell) -> dict[str, str]:
    """Tell every measure; returns what each server is and what it does before it acknowledges."""
    about: dict[str, str] = {}

    def run(peer: Peer) -> list[Measure]:
        about[peer.name] = peer.about
        measures = course.run(peer, rows)
        tell(measures)
        return measures

    with running_cluster(require("PostgreSQL")) as cluster:
        with pouchdb.running(folder / "pouchdb") as peer:
            theirs = [run(peer)]
        with kinto.running(folder / "kinto", cluster.create("kinto")) as peer:
            theirs.append(run(peer))
        for name, address in (("SQLite", f"sqlite:///{folder / 'ours.db'}"), ("PostgreSQL", cluster.create("ours"))):
            with ours.running(name, address, folder / name) as peer:
                tell(compared(name, run(peer), theirs))
    return about


def compared(name: str, ours: Sequence[Measure], theirs: Sequence[Sequence[Measure]]) -> list[Measure]:
    """How many times as fast as the fastest peer: push, pull and delta, with one client and with more."""
    aims = {"push": 1.5 if name == "SQLite" else 1.0, "pull": 10.0, "delta": 1.0}
    found: list[Measure] = []
    for mine, *others in zip(ours, *theirs, strict=True):
        what = mine.name.split(": ", 1)[1]
        if (aim := aims.get(what.split()[0])) is not None:
            times = min(times_as_fast(mine, other) for other in others)
            found.append(Measure(f"{name} against the faster peer: {what}", "×", [times], aim=aim, more_is_better=True))
    return found


def times_as_fast(mine: Measure, other: Measure) -> float:
    """Above one when ours is faster."""
    return mine.answer / other.answer if mine.more_is_better else other.answer / mine.answer
