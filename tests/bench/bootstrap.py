"""A new device of ours beside a new PouchDB, each in its own window of the same browser, with the same records."""

from pathlib import Path
from statistics import median

from playwright.sync_api import Playwright, sync_playwright

from tests.bench import starts
from tests.bench.measure import Measure
from tests.bench.peers import ours, pouchdb
from tests.bench.peers.course import BATCH
from tests.bench.peers.peer import Peer
from tests.bench.phone import Phone

ROUNDS = 3
BATCHES = (100, 1_000)
"""Documents that PouchDB asks for at a time: its own default, and what suits it better."""
AIM = 2.5
ABOUT = "ours: sign-in, strict storage, indexes, screens; PouchDB: nobody signs in, relaxed storage, replication alone"


def measure(folder: Path, rows: int) -> list[Measure]:
    """Fill both servers alike, then let new devices fetch everything, in turn; raises where one gets less."""
    with (
        ours.running("SQLite", f"sqlite:///{folder / 'ours.db'}", folder / "ours") as mine,
        pouchdb.running(folder / "pouchdb") as theirs,
        sync_playwright() as playwright,
    ):
        for peer in (mine, theirs):
            fill(peer, rows)
        app: list[float] = []
        peers: dict[int, list[float]] = {batch: [] for batch in BATCHES}
        for number in range(ROUNDS):
            app.append(new_device(playwright, folder / f"app-{number}", mine))
            for batch, taken in peers.items():
                taken.append(replicate(playwright, folder / f"pouchdb-{batch}-{number}", theirs, rows, batch))
    records = f"{rows:,} records of 1 KB"
    quickest = min(median(taken) for taken in peers.values())
    return [
        Measure(f"a new device in the browser, {records}: tap on Sign in until all is there", "s", app),
        *(Measure(f"PouchDB in the browser, {records}: {batch} at a time", "s", took) for batch, took in peers.items()),
        Measure("a new device against PouchDB's quickest", "×", [quickest / median(app)], aim=AIM, more_is_better=True),
    ]


def fill(peer: Peer, rows: int) -> None:
    """Put the records on its server."""
    seat = peer.seat()
    for _ in range(rows // BATCH):
        seat.send(seat.pack(peer.records(BATCH)))


def new_device(playwright: Playwright, profile: Path, company: ours.Ours) -> float:
    """Seconds from the tap on Sign in until everything is on the device, screens included."""
    phone = Phone(playwright, profile, company.company.origin)
    phone.open()
    try:
        return starts.download(phone, company.company)
    finally:
        phone.close()


REPLICATE = """async ([remote, batch]) => {
  const local = new PouchDB("bench");
  const begin = performance.now();
  await PouchDB.replicate(remote, local, { batch_size: batch });
  return [performance.now() - begin, (await local.info()).doc_count];
}"""


def replicate(playwright: Playwright, profile: Path, peer: pouchdb.PouchDB, rows: int, batch: int) -> float:
    """Seconds of a replication into an empty database; nothing is drawn."""
    phone = Phone(playwright, profile, peer.origin)
    phone.open()
    try:
        phone.page.goto(peer.origin + pouchdb.EMPTY_PAGE)
        ms, found = phone.page.evaluate(REPLICATE, [f"{peer.origin}/bench", batch])
    finally:
        phone.close()
    assert found == rows, (found, rows)
    return float(ms) / 1_000
