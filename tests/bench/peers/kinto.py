"""Kinto on PostgreSQL: batches of PUT, and lists by `_since`, as its own clients use it."""

import base64
import json
import os
import signal
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server.shared.ids import new_id
from sync.core.mutation import Mutation, encode
from tests.bench import day, raw
from tests.bench.dataset import CACHE
from tests.bench.peers.peer import Pages, ask
from tests.bench.peers.waiting import until_it_answers
from tests.e2e.company import free_port

PACKAGES = ("kinto[postgresql]==26.5.0", "waitress==3.0.2", "psycopg2-binary==2.9.13")
HOME = CACHE / "peers" / "kinto"
PAGE = 5_000
BATCH = 200
"""Requests in one batch; its default is 25."""
MOST_TRIES = 100
CONFLICT = 409
RECORDS = "/buckets/bench/collections/records/records"
SIGNED_IN = {"Authorization": "Basic " + base64.b64encode(b"bench:bench").decode()}
SETTINGS = """
[app:main]
use = egg:kinto
kinto.bucket_create_principals = system.Authenticated
multiauth.policies = basicauth
kinto.userid_hmac_secret = bench
kinto.paginate_by = {page}
kinto.batch_max_requests = {batch}
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {url}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {url}
kinto.cache_backend = kinto.core.cache.postgresql
kinto.cache_url = {url}
kinto.storage_pool_size = 10
kinto.permission_pool_size = 10

[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
threads = 8
"""


def batch(writes: Sequence[Mapping[str, Any]]) -> bytes:
    """One request that holds many."""
    return json.dumps({"defaults": {"method": "PUT"}, "requests": writes}, ensure_ascii=False).encode()


class KintoSeat:
    """One client, signed in by its password's digest."""

    def __init__(self, port: int) -> None:
        self.port = port

    def pack(self, records: Sequence[Mutation]) -> bytes:
        """The records as batches, one on each line."""
        writes = [
            {"path": f"{RECORDS}/{record.pk}", "body": {"data": json.loads(encode(record)) | {"id": record.pk}}}
            for record in records
        ]
        return b"\n".join(batch(writes[start : start + BATCH]) for start in range(0, len(writes), BATCH))

    def send(self, body: bytes) -> None:
        """Write them, batch after batch; what meets another client's write is to be sent again, and is."""
        for line in body.split(b"\n"):
            left: list[dict[str, Any]] = json.loads(line)["requests"]
            for _ in range(MOST_TRIES):
                answers = json.loads(ask(self.port, "POST", "/v1/batch", batch(left), SIGNED_IN)[0])["responses"]
                assert all(one["status"] in (200, 201, CONFLICT) for one in answers), answers[:1]
                left = [write for write, one in zip(left, answers, strict=True) if one["status"] == CONFLICT]
                if not left:
                    break
            assert not left, f"{len(left)} were refused {MOST_TRIES} times"

    def mark(self) -> str:
        """The collection's timestamp."""
        return ask(self.port, "GET", f"/v1{RECORDS}?_limit=1", None, SIGNED_IN)[1]["etag"].strip('"')

    def news(self, mark: str) -> Pages:
        """Records changed since a timestamp, page by page."""
        return self._pages(f"/v1{RECORDS}?_limit={PAGE}&_since={mark}")

    def everything(self) -> Pages:
        """All records, page by page."""
        return self._pages(f"/v1{RECORDS}?_limit={PAGE}")

    def ids(self, pages: Pages) -> set[str]:
        """Records by id."""
        return {record["id"] for page in pages for record in json.loads(page)["data"]}

    def _pages(self, path: str | None) -> Pages:
        pages: Pages = []
        while path:
            page, headers = ask(self.port, "GET", path, None, SIGNED_IN)
            pages.append(page)
            following = headers.get("next-page")
            path = following.partition(f":{self.port}")[2] if following else None
        return pages


class Kinto:
    """A running server."""

    name = "Kinto"

    def __init__(self, port: int, about: str) -> None:
        self.port = port
        self.about = f"{', '.join(PACKAGES)}; {about}; basic authentication, batches of {BATCH}, plain JSON"

    def seat(self) -> KintoSeat:
        """A client."""
        return KintoSeat(self.port)

    def records(self, count: int) -> list[Mutation]:
        """The same kind of records as ours."""
        return day.contacts_made(count, [new_id()])


@contextmanager
def running(folder: Path, url: str) -> Generator[Kinto]:
    """Install it where it is not yet, and serve this database for the length of the block."""
    install()
    folder.mkdir()
    port = free_port()
    settings = folder / "kinto.ini"
    address = url.replace("postgresql+psycopg:", "postgresql:")
    settings.write_text(SETTINGS.format(url=address, port=port, page=PAGE, batch=BATCH), "utf-8")
    with (folder / "log").open("wb") as log:
        start = [HOME / "bin" / "kinto", "migrate", "--ini", settings]
        subprocess.run(start, check=True, stdout=log, stderr=log, timeout=120)
        start[1] = "start"
        server = subprocess.Popen(start, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        until_it_answers(server, port, folder / "log")
        ask(port, "PUT", "/v1/buckets/bench", None, SIGNED_IN)
        ask(port, "PUT", "/v1/buckets/bench/collections/records", None, SIGNED_IN)
        yield Kinto(port, raw.durability_of(url))
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def install() -> None:
    """Fetch the packages into an environment of the bench's own, once."""
    if (HOME / "done").exists():
        return
    subprocess.run(["uv", "venv", "--quiet", "--allow-existing", HOME], check=True, timeout=120)
    subprocess.run(
        ["uv", "pip", "install", "--quiet", "--python", HOME / "bin" / "python", *PACKAGES], check=True, timeout=300
    )
    (HOME / "done").touch()
