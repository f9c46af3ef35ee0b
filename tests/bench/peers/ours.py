"""Ours: signed in, in scope, checked for conflicts, logged, and on the disk before it acknowledges."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.core.mutation import Mutation
from tests.bench import day, raw
from tests.bench.client import Answer, Client
from tests.bench.dataset import REP
from tests.bench.peers.peer import Pages
from tests.e2e.company import Company

CUSTOMERS = 100


class OurSeat:
    """A signed-in device of the rep."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.client = device(company)
        self.cursor = self.client.settle()

    def pack(self, records: Sequence[Mutation]) -> bytes:
        """A push, gzip."""
        return self.client.pack(records)

    def send(self, body: bytes) -> None:
        """Push what was packed."""
        self.client.send(body)

    def mark(self) -> str:
        """The cursor, once level."""
        *_, last = self.client.news(self.cursor)
        self.cursor = str(last.end["cursor"])
        return self.cursor

    def news(self, mark: str) -> Pages:
        """Pull, page by page."""
        return [answer.data for answer in self.client.news(mark)]

    def everything(self) -> Pages:
        """Sign in as a new device, download and join."""
        return [answer.data for answer in device(self.company).download()]

    def ids(self, pages: Pages) -> set[str]:
        """Every row that is brought."""
        lines: list[dict[str, Any]] = [line for page in pages for line in Answer(0, b"", page).lines]
        return {line["pk"] for line in lines if line.get("op") == "upsert"}


class Ours:
    """A company on one of the databases."""

    def __init__(self, name: str, company: Company, about: str) -> None:
        self.name = f"ours, {name}"
        self.about = f"{about}; sign-in, scopes, conflict detection and audit on; push gzip, answers zstd"
        self.company = company
        writer, mine = device(company), day.customers(CUSTOMERS)
        writer.push(mine)
        self.customers = [mutation.pk for mutation in mine]

    def seat(self) -> OurSeat:
        """A device."""
        return OurSeat(self.company)

    def records(self, count: int) -> list[Mutation]:
        """Contacts that happened, each moving its customer's last contact too."""
        return day.contacts_made(count, self.customers)


def device(company: Company) -> Client:
    """Signed in."""
    client = Client(company.port)
    client.sign_in(REP, company.password)
    return client


@contextmanager
def running(name: str, url: str, folder: Path) -> Generator[Ours]:
    """A company that serves from this database; every client is on one address, so sign-ins may be many."""
    limit = {"BAIFANG_SIGN_IN_LIMIT_PER_ADDRESS": "10000 per minute"}
    company = Company(folder, {"BAIFANG_DATABASE_URL": url} | limit)
    company.run("db", "up")
    company.run("demo", "--customers", "1")
    company.start()
    try:
        yield Ours(name, company, raw.durability_of(url))
    finally:
        company.stop()
