"""What a company's size costs: news and pushes of one rep while a colleague's patch grows, and its download."""

import os
from collections.abc import Generator
from pathlib import Path

from tests.bench import day
from tests.bench.client import Client
from tests.bench.measure import Measure
from tests.bench.server import BATCH, client
from tests.e2e.company import Company

SIZES = [int(word) for word in os.environ.get("BENCH_SIZES", "10000 100000").split()]
"""Customers on the server; 1000000 may be added where there are hours."""
COLLEAGUE = "huang"
"""Has a territory that the rep does not see."""
DELTA, ROUNDS = 100, 20
AIM = 1.2


def measure(folder: Path) -> Generator[list[Measure]]:
    """The measures of each size, then how the largest compares with the smallest."""
    company = Company(folder / "growth")
    company.run("db", "up")
    company.run("demo", "--customers", "1")
    company.start()
    try:
        writer, reader, colleague = client(company), client(company), sign_in(company)
        mine = day.customers(DELTA)
        writer.push(mine)
        ids = [mutation.pk for mutation in mine]
        found: list[list[Measure]] = []
        for before, size in zip([0, *SIZES], SIZES, strict=False):
            for _ in range((size - before) // BATCH):
                colleague.push(day.customers(BATCH))
            found.append(at_size(size, writer, reader, ids, company))
            yield found[-1]
        yield compared(found)
    finally:
        company.stop()


def sign_in(company: Company) -> Client:
    """A device of the colleague."""
    device = Client(company.port)
    device.sign_in(COLLEAGUE, company.password)
    return device


def at_size(size: int, writer: Client, reader: Client, ids: list[str], company: Company) -> list[Measure]:
    """Push and pull a hundred contacts many times, and let a new device of the colleague download the grown patch."""
    cursor = reader.settle()
    pushes, pulls = [], []
    for _ in range(ROUNDS):
        pushes.append(1_000 * writer.push(day.contacts_made(DELTA, ids)).seconds)
        news = list(reader.news(cursor))
        pulls.append(1_000 * sum(answer.seconds for answer in news))
        cursor = str(news[-1].end["cursor"])
    answers = list(sign_in(company).download())
    rows = sum(answer.data.count(b'"op":"upsert"') for answer in answers)
    where = f"with {size:,} customers on the server"
    return [
        Measure(f"delta push of {DELTA}, {where}", "ms", pushes),
        Measure(f"delta pull of {DELTA}, {where}", "ms", pulls),
        Measure(f"download {where}, a row", "µs", [1e6 * sum(answer.seconds for answer in answers) / rows]),
        Measure(f"most memory that a worker had, {where}", "MB", [company.most_memory_mb()]),
    ]


def compared(found: list[list[Measure]]) -> list[Measure]:
    """The largest against the smallest; the download's cost is of each row, so flat means linear."""
    times = f"{SIZES[-1]:,} customers against {SIZES[0]:,}"
    pairs = zip(("delta push", "delta pull", "download of a row"), found[0], found[-1], strict=False)
    return [Measure(f"{what}: {times}", "×", [most.answer / least.answer], aim=AIM) for what, least, most in pairs]
