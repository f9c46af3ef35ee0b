"""The server of a story as processes of their own behind a socket: requests are really cut, kill -9 is kill -9."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode

from server.auth.cookies import cookie_name
from server.serve import gunicorn_command
from tests.contract import things
from tests.e2e.company import ROOT, free_port
from tests.factories.apps import CURSOR_KEY
from tests.simulation.server import Answer, LostError, Server

KILLED = 0.1
"""How likely a request has the server killed under it."""
WITHIN_S = 0.05
"""At which moment after it was sent, at most."""
PATIENCE_S = 60


@dataclass
class SocketServer(Server):
    """gunicorn as `baifang serve` starts it; `kills` are how many times it may still be killed."""

    kills: int = 0
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and come back when requests are answered."""
        folder = Path(self.settings.data_dir)
        (folder / "metrics").mkdir(parents=True, exist_ok=True)
        (folder / "homes.json").write_text(json.dumps(things.HOMES), encoding="ascii")
        gunicorn = str(Path(sys.executable).with_name("gunicorn"))
        command = [*gunicorn_command(gunicorn, self.settings)[:-1], "tests.simulation.served:app"]
        command[command.index("--bind") + 1] = f"127.0.0.1:{self.port}"
        with (folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environ(folder), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE_S
        while not self._is_up():
            assert self.process.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() < deadline, (folder / "server.log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """All of its processes at once, without a word."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def close(self) -> None:
        """Stop serving, and let go of the database."""
        self.kill()
        super().close()

    def ask(
        self,
        token: str,
        door: str,
        body: bytes | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Answer a request; raises LostError where the connection ends before the answer."""
        self.world.now = max(self.world.now, time.time_ns() // 1_000_000)
        if not self.kills or self.hazards.dice.random() >= KILLED:
            return self._exchange(token, door, body, query or {}, headers or {})
        self.kills -= 1
        self.hazards.tally["servers killed"] += 1
        death = Timer(self.hazards.dice.uniform(0, WITHIN_S), self.kill)
        death.start()
        try:
            return self._exchange(token, door, body, query or {}, headers or {})
        finally:
            death.join()
            self.start()

    def ask_cut(self, token: str, door: str, body: bytes, size: int, headers: Mapping[str, str] | None = None) -> None:
        """The connection ends within the body."""
        head = [
            f"{_method(body, headers or {})} /sync/v1/{door} HTTP/1.1",
            "Host: localhost",
            f"Content-Length: {len(body)}",
        ]
        head += [f"{name}: {value}" for name, value in {**self._headers(token, door), **(headers or {})}.items()]
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as wire:
            wire.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body[:size])

    def _exchange(
        self, token: str, door: str, body: bytes | None, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        path = f"/sync/v1/{door}" + (f"?{urlencode(query)}" if query else "")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(_method(body, headers), path, body, {**self._headers(token, door), **headers})
            got = connection.getresponse()
            return got.status, got.read()
        except (OSError, HTTPException) as problem:
            raise LostError from problem
        finally:
            connection.close()

    def _headers(self, token: str, door: str) -> dict[str, str]:
        kind = "application/x-ndjson" if door == "push" else "application/json"
        return {"X-Baifang": "1", "Content-Type": kind, "Cookie": f"{cookie_name(self.settings)}={token}"}

    def _environ(self, folder: Path) -> dict[str, str]:
        own = {
            "BAIFANG_ENVIRONMENT": "test",
            "BAIFANG_DATABASE_URL": self.settings.database_url,
            "BAIFANG_DATA_DIR": str(folder),
            "BAIFANG_APP_DIR": self.settings.app_dir,
            "BAIFANG_CURSOR_KEY": CURSOR_KEY,
            "BAIFANG_PUBLIC_ORIGIN": self.settings.public_origin,
            "SIMULATED_HOMES": str(folder / "homes.json"),
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
            "PYTHONPATH": str(ROOT),
        }
        return {k: v for k, v in os.environ.items() if not k.startswith("BAIFANG_")} | own

    def _is_up(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def _method(body: bytes | None, headers: Mapping[str, str]) -> str:
    """Only a piece of a photo has headers of its own."""
    return "GET" if body is None else "PATCH" if headers else "POST"
