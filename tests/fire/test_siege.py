"""A real `baifang serve` besieged by slow, greedy and idle clients: everybody else is answered as ever."""

import gzip
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from backports import zstd

from tests.bench.client import Client
from tests.bench.dataset import REP
from tests.e2e.company import Company, children

ANSWERED_WITHIN_S = 10
"""Generous: an answer takes milliseconds, and a held thread would be given back only after minutes."""
MANY = 40
"""Clients of one kind: five times the server's threads."""
BIG_FILE = 8_000_000
"""More than the kernel keeps for a reader that reads nothing."""
BOMB = 100_000_000
PUSH = "POST /sync/v1/push HTTP/1.1\r\nHost: localhost\r\nX-Baifang: 1\r\nContent-Type: application/x-ndjson\r\n"
Connect = Callable[[], socket.socket]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Generator[Company]:
    folder = tmp_path_factory.mktemp("siege")
    (folder / "app" / "assets").mkdir(parents=True)
    (folder / "app" / "index.html").write_text("<title>page</title>")
    (folder / "app" / "assets" / "big-000.js").write_bytes(b"x" * BIG_FILE)
    running = Company(folder, {"BAIFANG_APP_DIR": str(folder / "app")})
    running.run("db", "up")
    running.run("demo", "--customers", "1")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def connect(company: Company) -> Generator[Connect]:
    """Opens connections that stay open until the test ends."""
    with ExitStack() as held:

        def open_one() -> socket.socket:
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(ANSWERED_WITHIN_S)
            client.connect(("127.0.0.1", company.port))
            return held.enter_context(client)

        yield open_one


def serves_others(company: Company) -> bool:
    """Whether a page, the database's state and a sign-in are answered within the bound."""
    begun = time.monotonic()
    for path in ("/health", "/health/ready", "/openapi.json"):
        with urllib.request.urlopen(company.origin + path, timeout=ANSWERED_WITHIN_S) as answer:
            assert answer.status == 200
    return time.monotonic() - begun < ANSWERED_WITHIN_S


def answer_of(client: socket.socket) -> bytes:
    """Everything that comes until the server closes, or goes on waiting."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = client.recv(4096)
        if not piece:
            break
        answer += piece
    return answer


def test_two_hundred_open_connections_hold_up_nobody(company: Company, connect: Connect) -> None:
    for _ in range(200):
        connect()
    assert serves_others(company)


@pytest.mark.parametrize("length", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_slow_bodies_hold_up_nobody(company: Company, connect: Connect, length: str) -> None:
    for client in [connect() for _ in range(MANY)]:
        client.sendall(f"{PUSH}{length}\r\n\r\n5\r\n".encode())
    assert serves_others(company)


def test_slow_heads_hold_up_nobody_and_are_served_once_they_are_there(company: Company, connect: Connect) -> None:
    slow = [connect() for _ in range(MANY)]
    for client in slow:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: loc")
    assert serves_others(company)
    for client in slow:
        client.sendall(b"alhost\r\n\r\n")
    assert all(answer_of(client).startswith(b"HTTP/1.1 200") for client in slow)


def test_slow_readers_hold_up_nobody_and_get_all_of_their_answer(company: Company, connect: Connect) -> None:
    slow = [connect() for _ in range(MANY // 2)]
    for client in slow:
        client.sendall(b"GET /assets/big-000.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert serves_others(company)
    assert sum(len(piece) for piece in pieces(slow[0])) > BIG_FILE


def pieces(client: socket.socket) -> Iterator[bytes]:
    while piece := client.recv(65536):
        yield piece


def test_requests_sent_together_are_answered_in_order(connect: Connect) -> None:
    client = connect()
    client.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /no HTTP/1.0\r\nHost: a\r\n\r\n")
    said = b"".join(pieces(client))
    assert said.index(b'"status"') < said.index(b"<title>page")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_giant_body_is_refused_before_it_is_read(company: Company, connect: Connect, *, chunked: bool) -> None:
    client = connect()
    if chunked:
        client.sendall(f"{PUSH}Transfer-Encoding: chunked\r\n\r\n".encode())
        with suppressed_reset():
            for _ in range(40):
                client.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    else:
        client.sendall(f"{PUSH}Content-Length: 9999999999\r\n\r\n".encode())
    assert answer_of(client).split()[1] in (b"413", b"401", b"400")
    assert serves_others(company)


@contextmanager
def suppressed_reset() -> Generator[None]:
    """The server may close while we still send."""
    try:
        yield
    except (BrokenPipeError, ConnectionResetError):
        return


@pytest.mark.parametrize(
    ("encoding", "pack", "status"), [("gzip", gzip.compress, b"413"), ("zstd", zstd.compress, b"415")]
)
def test_a_bomb_does_not_go_off(
    company: Company, connect: Connect, encoding: str, pack: Callable[[bytes], bytes], status: bytes
) -> None:
    bomb, before = pack(b"\0" * BOMB), memory_of(company)
    head = f"{PUSH}Cookie: {cookie(company)}\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(bomb)}"
    for client in [connect() for _ in range(4)]:
        client.sendall(head.encode() + b"\r\n\r\n" + bomb)
        assert answer_of(client).split()[1] == status
    assert serves_others(company)
    assert memory_of(company) - before < BOMB


def cookie(company: Company) -> str:
    device = Client(company.port)
    device.sign_in(REP, company.password)
    return device.cookie


def memory_of(company: Company) -> int:
    """Bytes that the workers hold in memory."""
    assert company._process
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in children(company._process.pid))


def test_who_sends_nothing_is_let_go_when_the_server_stops(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.run("db", "up")
    company.start()
    with socket.create_connection(("127.0.0.1", company.port)):
        assert serves_others(company)
        begun = time.monotonic()
        company.stop(signal.SIGTERM)
    assert time.monotonic() - begun < ANSWERED_WITHIN_S
