"""What every measured server is asked to do, so that one course fits all of them."""

from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Protocol

from sync.core.mutation import Mutation

Pages = list[bytes]


class Seat(Protocol):
    """One client of a server. What it prepares and reads is not timed; `send`, `news` and `everything` are."""

    def pack(self, records: Sequence[Mutation]) -> bytes:
        """The body of a push; pushes are sent in the order in which they were packed."""
        ...

    def send(self, body: bytes) -> None:
        """Push; raises AssertionError unless every record is acknowledged."""
        ...

    def mark(self) -> str:
        """The place now, from which only news come."""
        ...

    def news(self, mark: str) -> Pages:
        """Everything since a place, as it came."""
        ...

    def everything(self) -> Pages:
        """Everything, as a new device gets it."""
        ...

    def ids(self, pages: Pages) -> set[str]:
        """The ids of the records in them."""
        ...


class Peer(Protocol):
    """A running server; `about` says which, and what it does before it acknowledges."""

    name: str
    about: str

    def seat(self) -> Seat:
        """A client of its own, ready to ask."""
        ...

    def records(self, count: int) -> list[Mutation]:
        """New records of 1 KB that this server would take."""
        ...


def ask(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """One request on a connection of its own, as ours are; returns body and headers, raises when it is refused."""
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request(method, path, body, headers | {"Content-Type": "application/json"})
    response = connection.getresponse()
    data, given = response.read(), {name.lower(): value for name, value in response.getheaders()}
    connection.close()
    assert response.status < 300, (path, response.status, data[:500])
    return data, given
