"""A real server process over its own database, stopped and started at will on the same origin."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BAIFANG = str(Path(sys.executable).with_name("baifang"))


class Company:
    """One company's server in `folder`; `run` gives operator commands over the same database."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {"BAIFANG_DATA_DIR": str(folder / "var"), "BAIFANG_BIND_PORT": str(self.port)}
        if app_dir := os.environ.get("BAIFANG_APP_DIR"):
            self._settings["BAIFANG_APP_DIR"] = app_dir
        self._settings |= dict(settings or {})
        (folder / "var").mkdir(parents=True, exist_ok=True)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every command, free of the tester's own settings except for the built app's place."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BAIFANG_")}
        return kept | self._settings

    @property
    def password(self) -> str:
        """The demo's one password."""
        return (self.folder / "var" / "demo-password.txt").read_text(encoding="ascii").strip()

    def run(self, *words: str) -> str:
        """Give one `baifang` command and return what it printed; a refusal raises with its text."""
        done = subprocess.run(
            [BAIFANG, *words], cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"baifang {' '.join(words)}: {done.stderr}{done.stdout}"
        return done.stdout

    def show(self, app_dir: Path) -> None:
        """From its next start on, serve this built app instead."""
        self._settings["BAIFANG_APP_DIR"] = str(app_dir)

    def start(self) -> None:
        """Serve, and return once the health URL answers; nothing changes if it is served already."""
        if self._process is not None:
            return
        log = (self.folder / "server.log").open("ab")
        self._process = subprocess.Popen([BAIFANG, "serve"], cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + 30
        while not self._is_healthy():
            assert time.monotonic() < deadline, (self.folder / "server.log").read_text()
            assert self._process.poll() is None, (self.folder / "server.log").read_text()
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Stop serving at once; SIGKILL by default, since a basement gives no notice either."""
        if self._process is None:
            return
        for pid in [*children(self._process.pid), self._process.pid]:
            os.kill(pid, how)
        self._process.wait(timeout=15)
        self._process = None

    def most_memory_mb(self) -> float:
        """The most that any worker has held in memory so far."""
        assert self._process is not None, "it is not serving"
        texts = [Path(f"/proc/{pid}/status").read_text() for pid in children(self._process.pid)]
        peaks = [line.split()[1] for text in texts for line in text.splitlines() if line.startswith("VmHWM")]
        return max(int(peak) for peak in peaks) / 1024

    def _is_healthy(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.origin}/health", timeout=2) as reply:
                return bool(reply.status == 200)
        except (OSError, urllib.error.URLError):
            return False


def children(pid: int) -> list[int]:
    """The direct children of a process (gunicorn's workers)."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
