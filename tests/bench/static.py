"""A snapshot beside the limit: the same bytes, as files, from the same server."""

import shutil
from pathlib import Path

from tests.bench.client import Client
from tests.bench.measure import Measure
from tests.bench.starts import DIST
from tests.e2e.company import Company

AIM = 50
FOLDER = "bytes"


def share(name: str, company: Company, reader: Client, scope: str, times: int) -> list[Measure]:
    """How much of a static file's speed a snapshot reaches; the server starts anew, since it looks for files then."""
    chunks = [answer.sent for answer in reader.chunks(scope)]
    company.stop()
    company.show(with_files(company.folder / "app", chunks))
    company.start()
    snapshots = [sum(answer.seconds for answer in reader.chunks(scope)) for _ in range(times)]
    files = [read_files(reader, chunks) for _ in range(times)]
    size = sum(map(len, chunks)) / 1024
    snapshot = Measure(f"snapshot of {size:,.0f} KB as sent, {name}", "ms", [1_000 * each for each in snapshots])
    static = Measure(f"the same bytes as static files, {name}", "ms", [1_000 * each for each in files])
    reached = 100 * static.answer / snapshot.answer
    return [
        snapshot,
        static,
        Measure(f"snapshot, {name}: share of a static file's speed", "%", [reached], aim=AIM, more_is_better=True),
    ]


def with_files(app: Path, chunks: list[bytes]) -> Path:
    """The built app with one more folder that holds each chunk, packed as it travels."""
    shutil.copytree(DIST, app)
    (app / FOLDER).mkdir()
    for number, chunk in enumerate(chunks):
        (app / FOLDER / f"{number}.bin").write_bytes(chunk)
    return app


def read_files(reader: Client, chunks: list[bytes]) -> float:
    """Get every file, each on a connection of its own as a chunk is; the seconds of waiting."""
    answers = [reader.ask("GET", f"/{FOLDER}/{number}.bin") for number in range(len(chunks))]
    assert [answer.sent for answer in answers] == chunks
    return sum(answer.seconds for answer in answers)
