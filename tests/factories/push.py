"""Runs push services on loopback: one that checks VAPID and decrypts, and one that answers as a test wants."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.e2e.company import ROOT, free_port

SERVE = """
const {PushApiModel} = require("web-push-testing/src/PushApiModel");
const Server = require("web-push-testing/src/server");
new Server(new PushApiModel(), Number(process.argv[1])).startServer();
"""


@dataclass
class PushService:
    """The npm package web-push-testing, which refuses a push that is not signed and encrypted as it should be."""

    origin: str

    def ask(self, path: str, body: Any = None) -> Any:
        """POST JSON; the answer's JSON, None when it has none."""
        headers = {"Content-Type": "application/json"}
        request = Request(self.origin + path, json.dumps(body or {}).encode(), headers, method="POST")
        with urlopen(request, timeout=10) as answer:
            said = answer.read()
        return json.loads(said)["data"] if said.startswith(b"{") else None

    def subscribe(self, public_key: str) -> dict[str, Any]:
        """What a browser's push manager would give."""
        return self.ask("/subscribe", {"userVisibleOnly": "true", "applicationServerKey": public_key})

    def messages(self, subscription: dict[str, Any]) -> list[Any]:
        """What has arrived there, decrypted."""
        found = self.ask("/get-notifications", {"clientHash": subscription["clientHash"]})
        return [json.loads(message) for message in found["messages"]]

    def expire(self, subscription: dict[str, Any]) -> None:
        """From now on it answers 410."""
        self.ask(f"/expire-subscription/{subscription['clientHash']}")


@contextmanager
def running_push_service(folder: Path) -> Generator[PushService]:
    """Started, and ended with its folder."""
    port = free_port()
    node = str(ROOT / ".venv" / "bin" / "node")
    with (folder / "push.log").open("wb") as log:
        process = subprocess.Popen(
            [node, "-e", SERVE, str(port)], cwd=ROOT / "pwa", stdout=log, stderr=log, start_new_session=True
        )
    service = PushService(f"http://localhost:{port}")
    try:
        _wait_for(service)
        yield service
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the command is a wrapper around the program
        process.wait()


def _wait_for(service: PushService) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            service.ask("/status")
        except URLError:
            assert time.monotonic() < end, "the push service did not start"
            time.sleep(0.05)
        else:
            return


@dataclass
class MoodyService:
    """Answers each push with the next of `answers` (status and headers; 0: not at all), then with 201."""

    origin: str
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list[tuple[int, dict[str, str]]])
    heard: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@contextmanager
def running_moody_service() -> Generator[MoodyService]:
    """Started, and ended."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            moody.heard.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            status, headers = moody.answers.pop(0) if moody.answers else (201, {})
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        moody = MoodyService(f"http://localhost:{server.server_address[1]}")
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield moody
        server.shutdown()
        thread.join()
