"""express-pouchdb over PouchDB on leveldb, spoken to as CouchDB: pages with their documents, the fastest way it has."""

import json
import os
import signal
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from server.shared.ids import new_id
from sync.core.mutation import Mutation, encode
from tests.bench import day
from tests.bench.dataset import CACHE
from tests.bench.peers.peer import Pages, ask
from tests.bench.peers.waiting import until_it_answers
from tests.e2e.company import free_port

PACKAGES = ("express-pouchdb@4.2.0", "pouchdb@9.0.0", "express@4.21.2")
HOME = CACHE / "peers" / "pouchdb"
SERVER = Path(__file__).with_name("pouchdb.cjs")
PAGE = 5_000
EMPTY_PAGE = "/_page/"
"""Where a browser gets PouchDB's own build and nothing else."""


class PouchSeat:
    """One client; nobody signs in."""

    def __init__(self, port: int) -> None:
        self.port = port

    def pack(self, records: Sequence[Mutation]) -> bytes:
        """The records as documents."""
        documents = [json.loads(encode(record)) | {"_id": record.pk} for record in records]
        return json.dumps({"docs": documents}, ensure_ascii=False).encode()

    def send(self, body: bytes) -> None:
        """Write them all at once."""
        data, _ = ask(self.port, "POST", "/bench/_bulk_docs", body, {})
        assert all(receipt.get("ok") for receipt in json.loads(data)), data[:500]

    def mark(self) -> str:
        """The last sequence."""
        return str(json.loads(ask(self.port, "GET", "/bench/", None, {})[0])["update_seq"])

    def news(self, mark: str) -> Pages:
        """Changes with their documents, page by page."""
        pages: Pages = []
        while True:
            page, _ = ask(self.port, "GET", f"/bench/_changes?include_docs=true&limit={PAGE}&since={mark}", None, {})
            after = page.rsplit(b'"last_seq":', 1)[-1].rstrip(b"}\n ").decode()
            pages.append(page)
            if after == mark or page.count(b'"changes":[') < PAGE:
                return pages
            mark = after

    def everything(self) -> Pages:
        """The same from the start."""
        return self.news("0")

    def ids(self, pages: Pages) -> set[str]:
        """Documents by id."""
        return {change["id"] for page in pages for change in json.loads(page)["results"]}


class PouchDB:
    """A running server."""

    name = "PouchDB"
    about = f"{', '.join(PACKAGES)}, leveldb, writes not synced to the disk; no sign-in, no scopes; plain JSON"

    def __init__(self, port: int) -> None:
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"

    def seat(self) -> PouchSeat:
        """A client."""
        return PouchSeat(self.port)

    def records(self, count: int) -> list[Mutation]:
        """The same kind of records as ours."""
        return day.contacts_made(count, [new_id()])


@contextmanager
def running(folder: Path) -> Generator[PouchDB]:
    """Install it where it is not yet, and serve from `folder` for the length of the block."""
    install()
    folder.mkdir()
    port = free_port()
    environment = os.environ | {"NODE_PATH": str(HOME / "node_modules")}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            ["node", SERVER, str(port)], cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        until_it_answers(server, port, folder / "log")
        ask(port, "PUT", "/bench", None, {})
        yield PouchDB(port)
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # node may be started by another program, as a wheel's is
        server.wait()


def install() -> None:
    """Fetch the packages into the bench's own folder, once; nothing of the project's locks is touched."""
    if (HOME / "done").exists():
        return
    HOME.mkdir(parents=True, exist_ok=True)
    options = ["--prefix", ".", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--no-package-lock"]
    subprocess.run(
        ["npm", "install", *options, *PACKAGES], cwd=HOME, check=True, stdout=subprocess.DEVNULL, timeout=300
    )
    (HOME / "done").touch()
