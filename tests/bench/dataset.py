"""The demo company that phones are measured with: made once for each version of its generator, then copied.

Its dates lie around the day it was made, so a copy older than a week is made anew.
"""

import hashlib
import shutil
import time
from pathlib import Path

from server.features.territories.services import ROOT_ID
from tests.bench.report import ROOT
from tests.e2e.books import Books
from tests.e2e.company import Company

CACHE = ROOT / "var" / "bench"
REP = "chen"
"""A rep with an ordinary patch who is also given the whole company: Today is a rep's, the mirror holds everybody's."""
MAKERS = (
    "server/features/demo/*.py",
    "config/demo/*.toml",
    "server/features/customers/fold.py",
    "migrations/versions/*.py",
    "config/catalogs/entities.json",
    "config/catalogs/fold.json",
)
FRESH_S = 7 * 24 * 3600


def copy_of(customers: int, folder: Path) -> Company:
    """A company of its own in `folder`, with this many customers; not yet serving."""
    shutil.copytree(prepared(customers) / "var", folder / "var")
    return Company(folder)


def prepared(customers: int) -> Path:
    """The cached company; makes it if there is none of this version, and drops older ones of its size."""
    folder = CACHE / f"company-{customers}-{version()}"
    done = folder / "done"
    if not done.exists() or time.time() - done.stat().st_mtime > FRESH_S:
        for old in CACHE.glob(f"company-{customers}-*"):
            shutil.rmtree(old)
        make(folder, customers)
        done.touch()
    return folder


def make(folder: Path, customers: int) -> None:
    """Make the company through the operator's own commands."""
    print(f"Making a company of {customers} customers; the next run reuses it.", flush=True)
    company = Company(folder)
    company.run("db", "up")
    company.run("demo", "--customers", str(customers))
    company.run("territory", "assign", ROOT_ID, REP)


def interactions(customers: int) -> int:
    """How many contacts that happened the company has."""
    return len(Books(prepared(customers) / "var" / "baifang.db").rows("interaction"))


def version() -> str:
    """A short digest of everything that shapes the company."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in MAKERS for file in ROOT.glob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
