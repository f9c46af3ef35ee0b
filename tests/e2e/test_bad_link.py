"""The bad link must do exactly what it says, or the hostile story proves nothing."""

from __future__ import annotations

import http.client
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.e2e.bad_link import BadLink, Weather


class Counting(ThreadingHTTPServer):
    daemon_threads = True
    served = 0


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Counting)
        self.server.served += 1
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[Counting]:
    server = Counting(("127.0.0.1", 0), Hello)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def link() -> Iterator[BadLink]:
    link = BadLink(seed=7)
    yield link
    link.close()


def fetch(link: BadLink, server: Counting, path: str = "/sync/v1/push") -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": link.address}))
    with opener.open(f"http://127.0.0.1:{server.server_port}{path}", timeout=5) as reply:
        return bytes(reply.read())


def test_a_good_link_passes_everything_once(link: BadLink, server: Counting) -> None:
    assert (fetch(link, server), server.served) == (b"hello", 1)


def test_a_repeated_request_reaches_the_server_twice(link: BadLink, server: Counting) -> None:
    link.weather = Weather(repeat_request=1)
    assert (fetch(link, server), server.served) == (b"hello", 2)


def test_a_dropped_reply_was_served_all_the_same(link: BadLink, server: Counting) -> None:
    link.weather = Weather(drop_reply=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        fetch(link, server)
    assert server.served == 1


def test_a_cut_reply_ends_early(link: BadLink, server: Counting) -> None:
    link.weather = Weather(cut_reply=1)
    with pytest.raises(http.client.IncompleteRead):
        fetch(link, server)


def test_a_link_that_is_down_reaches_nobody(link: BadLink, server: Counting) -> None:
    link.weather = Weather(is_down=True)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        fetch(link, server)
    assert server.served == 0


def test_only_the_named_paths_suffer(link: BadLink, server: Counting) -> None:
    link.weather = Weather(drop_reply=1)
    assert fetch(link, server, "/assets/app.js") == b"hello"
