"""Waits until a peer that was started takes requests."""

import socket
import subprocess
import time
from pathlib import Path


def until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return once it listens; raises AssertionError with its log when it ends or takes longer than a minute."""
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return
