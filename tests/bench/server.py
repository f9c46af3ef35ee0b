"""Push, pull and snapshot in rows per second, over real HTTP to the server as `baifang serve` starts it.

Each stands beside the database's own speed for the same rows in the same run.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from tests.bench import day, raw, static
from tests.bench.client import Answer, Client
from tests.bench.dataset import REP
from tests.bench.measure import Measure
from tests.e2e.company import Company
from tests.factories.databases import migrated
from tests.factories.machine import require
from tests.factories.postgres import running_cluster

BATCH = 500
CUSTOMERS = 100
"""What is pushed is spread over so many customers."""
READS = 5
"""Everything is read so many times."""
PATCH_OF_REP = "SELECT scope FROM synced_row WHERE entity = 'interaction' AND writer_device = ? LIMIT 1"


@contextmanager
def backends(folder: Path) -> Generator[list[tuple[str, str, str]]]:
    """Name, address of the server's database and of an empty one, for SQLite and a PostgreSQL of our own."""
    with running_cluster(require("PostgreSQL")) as cluster:
        (folder / "sqlite").mkdir(parents=True)
        file = f"sqlite:///{folder / 'sqlite'}"
        yield [
            ("SQLite", f"{file}/bench.db", f"{file}/raw.db"),
            ("PostgreSQL", cluster.create("bench"), cluster.create("raw")),
        ]


def measure(name: str, url: str, raw_url: str, folder: Path, rows: int) -> tuple[str, list[Measure]]:
    """All numbers of one database, and what it is."""
    company = Company(folder / name, {"BAIFANG_DATABASE_URL": url})
    company.run("db", "up")
    company.run("demo", "--customers", "1")
    migrated(raw_url)
    company.start()
    try:
        writer, reader = client(company), client(company)
        cursor = reader.settle()
        pushed = push_seconds(writer, rows)
        bare, empty = raw.Raw(url), raw.Raw(raw_url)
        [(scope,)] = bare.read(PATCH_OF_REP, writer.id)
        about = bare.durability()
        measures = [
            *pushes(name, pushed, bare, empty, writer.id),
            *pulls(name, reader, cursor, scope, bare),
            *static.share(name, company, reader, scope, READS),
        ]
        bare.close()
        empty.close()
    finally:
        company.stop()
    return about, measures


def client(company: Company) -> Client:
    """A signed-in device of the rep."""
    device = Client(company.port)
    device.sign_in(REP, company.password)
    return device


def push_seconds(writer: Client, rows: int) -> list[float]:
    """Push customers, then contacts made in batches of 500; the seconds of each batch."""
    mine = day.customers(CUSTOMERS)
    writer.push(mine)
    ids = [mutation.pk for mutation in mine]
    return [writer.push(day.contacts_made(BATCH, ids)).seconds for _ in range(rows // BATCH)]


def pushes(name: str, pushed: list[float], bare: raw.Raw, empty: raw.Raw, device: str) -> list[Measure]:
    """Rows pushed per second, and the plain upserts of the rows alone and of all that a push writes."""
    tables = {
        "synced_row": bare.read("SELECT * FROM synced_row WHERE writer_device = ? AND entity = 'interaction'", device),
        "interactions": bare.read("SELECT * FROM interactions"),
        "mutation_record": bare.read("SELECT * FROM mutation_record WHERE device = ?", device),
        "change_log": bare.read("SELECT * FROM change_log WHERE entity = 'interaction'"),
        "change_scope": bare.read("SELECT * FROM change_scope"),
    }
    one = raw.upsert_seconds(empty, {"synced_row": tables["synced_row"]}, BATCH)
    for table in tables:
        empty.connection.execute(f"DELETE FROM {table}")
    every = raw.upsert_seconds(empty, tables, BATCH)
    push = Measure(f"push of 500 mutations of 1 KB, {name}", "rows/s", speeds(pushed), more_is_better=True)
    plain = Measure(f"raw upsert of the same rows, {name}", "rows/s", speeds(one), more_is_better=True)
    whole = Measure(f"raw upsert of all that a push writes, {name}", "rows/s", speeds(every), more_is_better=True)
    ratios = ratio(f"push, {name}", push, plain), ratio(f"push, {name}, against all that it writes", push, whole)
    return [push, plain, whole, *ratios]


def pulls(name: str, reader: Client, cursor: str, scope: str, bare: raw.Raw) -> list[Measure]:
    """Rows pulled and snapshot per second, and the plain select of their bytes."""
    pulled = [speed(reader.news(cursor)) for _ in range(READS)]
    taken = [speed(reader.chunks(scope)) for _ in range(READS)]
    [(count,)] = bare.read("SELECT count(*) FROM synced_row WHERE scope = ? AND deleted_by IS NULL", scope)
    plain = Measure(
        f"raw select of the same bytes, {name}",
        "rows/s",
        [count / seconds for seconds in raw.select_seconds(bare, scope, READS)],
        more_is_better=True,
    )
    pull = Measure(f"pull of {count:,} rows, {name}", "rows/s", pulled, more_is_better=True)
    snapshot = Measure(f"snapshot of {count:,} rows, {name}", "rows/s", taken, more_is_better=True)
    return [pull, snapshot, plain, ratio(f"pull, {name}", pull, plain), ratio(f"snapshot, {name}", snapshot, plain)]


def speed(answers: Iterable[Answer]) -> float:
    """Rows per second of waiting."""
    seconds, rows = 0.0, 0
    for answer in answers:
        seconds, rows = seconds + answer.seconds, rows + upserts(answer.lines)
    return rows / seconds


def upserts(lines: list[dict[str, object]]) -> int:
    """How many rows an answer brings."""
    return sum(line.get("op") == "upsert" for line in lines)


def speeds(seconds: list[float]) -> list[float]:
    """Rows per second of each batch; the first one warms up and does not count."""
    return [BATCH / each for each in islice(seconds, 1, None)]


def ratio(what: str, ours: Measure, plain: Measure) -> Measure:
    """How many times slower than the database alone."""
    return Measure(f"{what}: times slower than the database alone", "×", [plain.answer / ours.answer])
