"""Sends ours, on both databases, and each peer through the same course, one after another on the idle machine."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.measure import Measure
from tests.bench.peers import course, ours, pouchdb
from tests.bench.peers.peer import Peer
from tests.factories.machine import require
from tests.factories.postgres import running_cluster

Tell = Callable[[Sequence[Measure]], None]


def measure(folder: Path, rows: int, tell: Tell) -> dict[str, str]:
    """Tell every measure; returns what each server is and what it does before it acknowledges."""
    about: dict[str, str] = {}

    def run(peer: Peer) -> None:
        about[peer.name] = peer.about
        tell(course.run(peer, rows))

    with pouchdb.running(folder / "pouchdb") as peer:
        run(peer)
    with running_cluster(require("PostgreSQL")) as cluster:
        for name, address in (("SQLite", f"sqlite:///{folder / 'ours.db'}"), ("PostgreSQL", cluster.create("ours"))):
            with ours.running(name, address, folder / name) as peer:
                run(peer)
    return about
