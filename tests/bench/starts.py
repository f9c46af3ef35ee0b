"""What a phone fetches before Today is there, how long the first download takes, and how it starts with no server."""

import gzip
import os
import time
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
  .map(({ name, startTime }) => [new URL(name).pathname, startTime])"""

KEPT = """async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('baifang-'));
  const answer = (asked) => new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
  const db = await answer(indexedDB.open(name));
  const ready = await answer(db.transaction('meta').objectStore('meta').get('ready'));
  db.close();
  return ready !== undefined && ready.value.dues.length > 0;
}"""
"""Whether the app has had its quiet moment since the last change, in which it keeps Today for the next start."""


def first_load(phone: Phone, company: Company) -> list[Measure]:
    """Sign in on a new device and wait until everything is on it; the device is then ready to go offline."""
    phone.open()
    downloaded = download(phone, company)
    page = phone.page
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    # A predicate that is async would count as true at once.
    while not page.evaluate(KEPT):
        page.wait_for_timeout(200)
    phone.rest()
    new_device = first_code(phone, "new device, sign-in included")
    phone.forget_code()
    phone.start()
    signed_in = first_code(phone, "signed in")
    phone.close()
    return [new_device, signed_in, all_code(), Measure("first download of the whole company", "s", [downloaded])]


def download(phone: Phone, company: Company) -> float:
    """Sign in on a new device; the seconds from then until everything is on it."""
    page = phone.page
    page.goto(company.origin)
    sign_in(phone, company)
    begun = time.monotonic()
    page.evaluate("bench.whenUsable")
    page.get_by_role("link", name="全部都在公司了").wait_for(timeout=600_000)
    return time.monotonic() - begun


def sign_in(phone: Phone, company: Company) -> None:
    """Sign in as the rep."""
    page = phone.page
    page.get_by_label("帳號").fill(REP)
    page.get_by_label("密碼").fill(company.password)
    phone.tap(page.get_by_role("button", name="登入"))


def first_code(phone: Phone, whose: str) -> Measure:
    """The code asked for until Today was usable.

    What the app fetches afterwards, while nothing else goes on, is not of the first load.
    A new device's Today is usable while it still fills.
    """
    fetched: list[tuple[str, float]] = phone.page.evaluate(CODE)
    usable = float(phone.page.evaluate("bench.usable"))
    return kb(f"first-load JS, gzip, {whose}", 90, {DIST / path.lstrip("/") for path, at in fetched if at < usable})


def all_code() -> Measure:
    """All there is, without the service worker."""
    return kb("all JS, gzip", 300, {file for file in DIST.rglob("*.js") if file.name not in ("sw.js", "sw-off.js")})


def kb(name: str, aim: int, files: set[Path]) -> Measure:
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
