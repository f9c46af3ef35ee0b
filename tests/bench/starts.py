"""What a phone fetches before Today is there, how long the first download takes, and how it starts with no server."""

import gzip
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.dataset import REP
from tests.bench.measure import Measure
from tests.bench.phone import Phone
from tests.bench.report import ROOT
from tests.e2e.company import Company

DIST = Path(os.environ.get("BAIFANG_APP_DIR", ROOT / "pwa" / "dist"))
STARTS = int(os.environ.get("BENCH_STARTS", "9"))
CODE = """() => performance.getEntriesByType('resource')
  .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
  .map(({ name, startTime, encodedBodySize }) => [new URL(name).pathname, startTime, encodedBodySize])"""


def first_load(phone: Phone, company: Company) -> list[Measure]:
    """Sign in on a new device and wait until everything is on it; the device is then ready to go offline."""
    phone.open()
    page = phone.page
    page.goto(company.origin)
    sign_in(phone, company)
    begun = time.monotonic()
    page.evaluate("bench.whenUsable")
    page.get_by_role("link", name="全部都在公司了").wait_for(timeout=300_000)
    downloaded = time.monotonic() - begun
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    phone.rest()
    measures = code(page.evaluate(CODE), page.evaluate("bench.shown"))
    phone.close()
    return [*measures, Measure("first download of the whole company", "s", [downloaded])]


def sign_in(phone: Phone, company: Company) -> None:
    """Sign in as the rep."""
    page = phone.page
    page.get_by_label("帳號").fill(REP)
    page.get_by_label("密碼").fill(company.password)
    phone.tap(page.get_by_role("button", name="登入"))


def code(fetched: Sequence[tuple[str, float, int]], shown: float) -> list[Measure]:
    """The code asked for until Today stood there, and all there is, without the service worker.

    What the app fetches afterwards, while nothing else goes on, is not of the first load.
    """
    first = {path: size for path, at, size in fetched if at < shown}
    files = {f"/{file.relative_to(DIST)}": file for file in DIST.rglob("*.js")}
    whole = {path for path in files if not re.fullmatch(r"/sw(-off)?\.js", path)}
    return [
        kb("first-load JS, gzip 9", 90, [files[path] for path in first]),
        Measure("first-load JS, as it travelled (brotli)", "KB", [sum(first.values()) / 1024]),
        kb("all JS, gzip 9", 220, [files[path] for path in whole]),
    ]


def kb(name: str, aim: int, files: Sequence[Path]) -> Measure:
    """Files together, each compressed by itself, as the size gate counts."""
    size = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1024
    return Measure(name, "KB", [size], aim=aim, note=f"{len(files)} files")


def cold_starts(phone: Phone) -> list[Measure]:
    """Start a new browser process each time, the server being stopped; quick and slow in turn."""
    quick, slow = [], []
    for _ in range(STARTS):
        quick.append(one_start(phone, 1))
        slow.append(one_start(phone, 4))
    note = "from navigation, worker start included"
    return [
        Measure("cold offline start to usable Today", "ms", quick, aim=1_000, note=note),
        Measure("cold offline start to usable Today, CPU 4×", "ms", slow, aim=2_500, note=note),
    ]


def one_start(phone: Phone, slowdown: int) -> float:
    """A new process, a cold page."""
    phone.slowdown = slowdown
    phone.open()
    took = phone.start()
    phone.close()
    return took
