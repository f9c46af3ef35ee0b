"""A device reduced to what the protocol asks of it, over real HTTP: it signs in, pushes, pulls and takes snapshots.

Whatever the app does beside the request (encoding, unpacking) happens outside of the time that is taken.
"""

import gzip
import json
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from backports import zstd

from server.shared.ids import new_id
from sync.core.digest import sha_hex
from sync.core.mutation import Mutation, encode
from sync.wire.version import VERSION

NDJSON = "application/x-ndjson"
Lines = list[dict[str, Any]]


@dataclass
class Answer:
    """What came back, as sent and unpacked, and the seconds from the first byte sent to the last byte received."""

    seconds: float
    sent: bytes
    data: bytes

    @property
    def lines(self) -> Lines:
        """The answer's lines; a row's body is a line of its own."""
        return [json.loads(line) for line in self.data.splitlines()]

    @property
    def head(self) -> dict[str, Any]:
        """The first line."""
        return json.loads(self.data.split(b"\n", 1)[0])

    @property
    def end(self) -> dict[str, Any]:
        """The last line, without reading the others."""
        return json.loads(self.data.rstrip(b"\n").rsplit(b"\n", 1)[-1])


@dataclass
class Client:
    """One device of one person."""

    port: int
    id: str = field(default_factory=new_id)
    seq: int = 0
    prev: str | None = None
    cookie: str = ""

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own; raises AssertionError with the answer when it is refused."""
        own = {"X-Baifang": "1", "Accept-Encoding": "gzip, deflate, br, zstd", "Cookie": self.cookie}
        connection = HTTPConnection("localhost", self.port, timeout=120)
        begun = time.perf_counter()
        connection.request(method, path, body, own | (headers or {}))
        response = connection.getresponse()
        data = response.read()
        seconds = time.perf_counter() - begun
        connection.close()
        assert response.status < 300, (path, response.status, data)
        if given := response.getheader("Set-Cookie"):
            self.cookie = given.split(";")[0]
        is_packed = response.getheader("Content-Encoding") == "zstd"
        return Answer(seconds, data, zstd.decompress(data) if is_packed else data)

    def sign_in(self, login: str, password: str) -> None:
        """Open a session for this device."""
        form = {"login": login, "password": password, "device_id": self.id, "device_name": "bench"}
        self.ask("POST", "/auth/v1/sign-in", json.dumps(form).encode(), {"Content-Type": "application/json"})

    def push(self, mutations: Sequence[Mutation]) -> Answer:
        """Send mutations, each its own txn; raises AssertionError unless all are applied."""
        return self.send(self.pack(mutations))

    def pack(self, mutations: Sequence[Mutation]) -> bytes:
        """The body of a push; bodies are sent in the order in which they were packed."""
        return gzip.compress(self._framed(mutations), 6)

    def send(self, body: bytes) -> Answer:
        """Push a body; raises AssertionError unless all that is in it is applied."""
        answer = self.ask("POST", "/sync/v1/push", body, {"Content-Type": NDJSON, "Content-Encoding": "gzip"})
        receipts = json.loads(answer.data)["receipts"]
        assert {receipt["status"] for receipt in receipts} == {"applied"}, receipts[:3]
        return answer

    def _framed(self, mutations: Sequence[Mutation]) -> bytes:
        header = {"v": VERSION, "device": self.id, "now": time.time_ns() // 1_000_000, "acked_through": self.seq}
        lines = [json.dumps(header | {"parent": None, "void": None, "store_raw": False}).encode()]
        for mutation in mutations:
            line = encode(mutation)
            sha = sha_hex(line)
            self.seq += 1
            envelope = {"seq": self.seq, "txn": new_id(), "id": mutation.id, "sha": sha, "prev": self.prev, "skew": 0}
            lines += [json.dumps(envelope).encode(), line]
            self.prev = sha
        return b"\n".join(lines) + b"\n"

    def pull(self, cursor: str | None, join: str | None = None, limit: int = 5_000) -> Answer:
        """The next page."""
        asked = {"v": VERSION, "device": self.id, "cursor": cursor, "join": join, "limit": limit}
        body = json.dumps(asked | {"acked_through": self.seq, "enqueued_through": self.seq}).encode()
        return self.ask("POST", "/sync/v1/pull", body, {"Content-Type": "application/json"})

    def snapshot(self, scope: str, token: str | None = None) -> Answer:
        """The next chunk of a scope."""
        query = {"scope": scope} | ({"token": token} if token else {})
        return self.ask("GET", f"/sync/v1/snapshot?{urlencode(query)}")

    def chunks(self, scope: str) -> Generator[Answer]:
        """The whole scope, chunk by chunk."""
        token, is_done = None, False
        while not is_done:
            answer = self.snapshot(scope, token)
            token, is_done = answer.end["token"], answer.end["done"]
            yield answer

    def news(self, cursor: str) -> Generator[Answer]:
        """Everything since the cursor, page by page."""
        is_level = False
        while not is_level:
            answer = self.pull(cursor)
            cursor, is_level = answer.end["cursor"], answer.end["caught_up"]
            yield answer

    def download(self) -> Generator[Answer]:
        """Download and join everything granted; the last answer's cursor is the one from which only news come."""
        answer = self.pull(None)
        yield answer
        cursor, waiting = answer.end["cursor"], list(answer.head["grants"])
        while waiting:
            for answer in self.chunks(waiting.pop()):
                yield answer
            token = answer.end["token"]
            while token:
                answer = self.pull(cursor, token)
                yield answer
                cursor, token = answer.end["cursor"], answer.end["join"]
                waiting += answer.head["grants"]

    def settle(self) -> str:
        """Download everything granted; returns the cursor from which only news come."""
        *_, last = self.download()
        return str(last.end["cursor"])
