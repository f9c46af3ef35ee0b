"""Runs an object store that speaks S3, moto's, in a process of its own on loopback."""

import itertools
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from server.replication.blobs.bucket import Bucket, open_bucket
from tests.e2e.company import free_port
from tests.factories.apps import make_settings

NAME = "photos"
SECRET = "nobody-may-read-this"
PROGRAM = Path(sys.executable).with_name("moto_server")
numbers = itertools.count()


@dataclass
class ObjectStore:
    """One store with one bucket, which is empty after each start."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """What `blob_endpoint` is set to."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, Any]:
        """What an app is given to keep its photos here, apart from everybody else's."""
        where = {"blob_bucket": NAME, "blob_prefix": f"site-{next(numbers)}", "blob_endpoint": self.address}
        return where | {"blob_access_key": "somebody", "blob_secret_key": SECRET}

    def bucket(self, **overrides: Any) -> Bucket:
        """As an app would open it."""
        return open_bucket(make_settings(**(self.settings() | overrides)))

    def start(self) -> None:
        """Returns when the bucket is there."""
        words = [str(PROGRAM), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not self._makes_bucket():
            assert time.monotonic() < deadline, "moto's server did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """Nobody listens any more."""
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def _makes_bucket(self) -> bool:
        try:
            with urlopen(Request(f"{self.address}/{NAME}", method="PUT")) as answer:
                return answer.status == 200
        except URLError:
            return False


@pytest.fixture(scope="session")
def object_store() -> Generator[ObjectStore]:
    """A store that runs for all tests of this process."""
    store = ObjectStore()
    store.start()
    yield store
    store.stop()


@pytest.fixture
def frail_store() -> Generator[ObjectStore]:
    """A store of this test's own, not yet started, to be stopped at will."""
    store = ObjectStore()
    yield store
    store.stop()
