"""Runs all measurements, prints them as one table, and keeps every single value in var/bench.

BENCH_CUSTOMERS (5000), BENCH_INPUTS (104 of each kind), BENCH_STARTS (9) and BENCH_ROWS (20000) shrink it;
BENCH_ONLY names the parts, of server, phone, download, growth, devices, peers, bootstrap (default: server phone).
"""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import (
    bootstrap,
    conditions,
    dataset,
    devices,
    download,
    growth,
    inputs,
    report,
    search,
    server,
    starts,
)
from tests.bench.measure import Measure
from tests.bench.peers import everyone
from tests.bench.phone import Phone

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "5000"))
ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
ONLY = (os.environ.get("BENCH_ONLY") or "server phone").split()

ACTS = (inputs.taps_on_tabs, inputs.keys_in_search, inputs.taps_on_filters, search.search, inputs.slow_saves)

Found = dict[str, str]
Tell = Callable[[Sequence[Measure]], None]


def on_the_phone(folder: Path, tell: Tell) -> Found:
    """Everything that is measured in the browser; the server runs for the first download only."""
    company = dataset.copy_of(CUSTOMERS, folder / "company")
    company.start()
    try:
        with sync_playwright() as playwright:
            phone = Phone(playwright, folder / "profile", company.origin)
            tell(starts.first_load(phone, company))
            company.stop()
            tell(starts.cold_starts(phone))
            about = use(phone, tell)
            phone.close()
    finally:
        company.stop()
    assert not phone.problems, phone.problems
    return {"phone": about}


def into_the_browser(folder: Path, tell: Tell) -> Found:
    """A first download beside bare Dexie, in a window of its own at full speed."""
    company = dataset.copy_of(CUSTOMERS, folder / "company")
    company.start()
    try:
        with sync_playwright() as playwright:
            tell(download.measure(Phone(playwright, folder / "profile", company.origin), company))
    finally:
        company.stop()
    return {"download": f"{CUSTOMERS:,} customers, CPU 1×"}


def use(phone: Phone, tell: Tell) -> str:
    """Work offline on a slowed phone, then on a quick one; returns what kind of phone it was."""
    phone.slowdown = 1
    phone.open()
    phone.start()
    quick = phone.spin()
    phone.slow_down(4)
    slow = phone.spin()
    for act in ACTS:
        tell(act(phone))
    phone.slow_down(1)
    tell(inputs.quick_saves(phone))
    return (
        f"360×640, offline, {CUSTOMERS:,} customers, {dataset.interactions(CUSTOMERS):,} interactions; "
        f"CPU 4× made a fixed loop {slow / quick:.1f} times slower"
    )


def on_the_server(folder: Path, tell: Tell) -> Found:
    """Push, pull and snapshot on each database."""
    about: Found = {}
    with server.backends(folder) as found:
        for name, url, raw_url in found:
            about[name], measures = server.measure(name, url, raw_url, folder, ROWS)
            tell(measures)
    return about


def beside_peers(folder: Path, tell: Tell) -> Found:
    """The same records through ours and through others' sync."""
    return everyone.measure(folder, ROWS, tell)


def new_devices(folder: Path, tell: Tell) -> Found:
    """A new device of ours beside a new PouchDB in the same browser."""
    tell(bootstrap.measure(folder, ROWS))
    return {"bootstrap": f"CPU 1×; {bootstrap.ABOUT}"}


def as_it_grows(folder: Path, tell: Tell) -> Found:
    """A company that grows."""
    for measures in growth.measure(folder):
        tell(measures)
    return {"growth": "SQLite, one worker"}


def many_devices(folder: Path, tell: Tell) -> Found:
    """Devices at work at the same time."""
    tell(devices.measure(folder))
    return {"devices": "SQLite, one worker"}


PARTS: dict[str, Callable[[Path, Tell], Found]] = {
    "server": on_the_server,
    "phone": on_the_phone,
    "growth": as_it_grows,
    "devices": many_devices,
    "download": into_the_browser,
    "peers": beside_peers,
    "bootstrap": new_devices,
}


def main() -> None:
    """Measure, print, keep."""
    if {"phone", "download"} & set(ONLY):
        dataset.prepared(CUSTOMERS)
    about = conditions.machine()
    measures: list[Measure] = []

    def tell(found: Sequence[Measure]) -> None:
        measures.extend(found)
        print(*map(report.row, found), sep="\n", file=sys.stderr, flush=True)

    for name in ONLY:
        with tempfile.TemporaryDirectory(prefix="baifang-bench-") as folder:
            Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else
            about |= PARTS[name](Path(folder), tell)
    about["load at end"] = conditions.load()
    file = dataset.CACHE / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}.json"
    report.save(file, about, measures)
    print(report.markdown(about, measures))
    print(f"\nEvery value is in {file}", file=sys.stderr)


if __name__ == "__main__":
    main()
