"""A forward proxy that behaves like a bad phone link while the origin stays the same."""

from __future__ import annotations

import contextlib
import http.client
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Reply = tuple[int, list[tuple[str, str]], bytes]
HOP_BY_HOP = {"connection", "proxy-connection", "keep-alive", "transfer-encoding", "te", "upgrade"}


@dataclass
class Weather:
    """What the link does to requests under `prefix`; chances between 0 and 1, from one seed."""

    drop_reply: float = 0.0
    repeat_request: float = 0.0
    cut_reply: float = 0.0
    prefix: str = "/sync/"
    is_down: bool = False
    seen: Counter[str] = field(default_factory=Counter)


class BadLink:
    """One device's link: `address` is the browser's proxy; change `weather` at any time."""

    def __init__(self, seed: int) -> None:
        self.weather = Weather()
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fate(self, path: str) -> str:
        """Decide what happens to one request: `down`, `drop`, `repeat`, `cut` or `pass`."""
        weather = self.weather
        if weather.is_down:
            return self._count("down")
        if not path.startswith(weather.prefix):
            return self._count("pass")
        with self._lock:
            draw = self._random.random()
        for name, chance in (
            ("drop", weather.drop_reply),
            ("repeat", weather.repeat_request),
            ("cut", weather.cut_reply),
        ):
            if draw < chance:
                return self._count(name)
            draw -= chance
        return self._count("pass")

    def _count(self, name: str) -> str:
        self.weather.seen[name] += 1
        return name


def _handler(link: BadLink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _relay(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            parts = urlsplit(self.path)
            fate = link.fate(parts.path)
            reply = None if fate == "down" else self._serve(fate, parts.netloc, body)
            # Whoever asked may be gone already, as when an app is swiped away.
            with contextlib.suppress(OSError):
                if reply is None or fate == "drop":
                    self._hang_up()
                else:
                    self._answer(reply, cut=fate == "cut")

        def _serve(self, fate: str, host: str, body: bytes) -> Reply | None:
            """Ask the server once, or twice; None when it cannot be reached."""
            try:
                reply = self._ask(host, self.path, body)
                return self._ask(host, self.path, body) if fate == "repeat" else reply
            except OSError:
                return None

        def _ask(self, host: str, url: str, body: bytes) -> Reply:
            parts = urlsplit(url)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection = http.client.HTTPConnection(host, timeout=30)
            try:
                headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
                connection.request(self.command, target, body or None, headers)
                response = connection.getresponse()
                return response.status, response.getheaders(), response.read()
            finally:
                connection.close()

        def _answer(self, answer: Reply, *, cut: bool) -> None:
            status, headers, reply = answer
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP_BY_HOP | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            if self.command != "HEAD":
                self.wfile.write(reply[: len(reply) // 2] if cut else reply)

        def _hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:
            """Silence: the story asserts on `weather.seen` instead."""

        def __getattr__(self, name: str) -> Callable[[], None]:
            """Relay every method alike; the base class asks for `do_<METHOD>`."""
            if name.startswith("do_"):
                return self._relay
            raise AttributeError(name)

    return Handler
