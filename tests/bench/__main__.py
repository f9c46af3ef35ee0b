"""Runs all measurements, prints them as one table, and keeps every single value in var/bench.

BENCH_CUSTOMERS (5000) and BENCH_ROWS (20000) shrink it; BENCH_ONLY=server or phone leaves the other out.
"""

import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import conditions, dataset, inputs, report, search, server, starts
from tests.bench.measure import Measure
from tests.bench.phone import Phone

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "5000"))
ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
ONLY = os.environ.get("BENCH_ONLY", "")

ACTS = (inputs.taps_on_tabs, inputs.keys_in_search, inputs.taps_on_filters, search.search)

Found = tuple[dict[str, str], list[Measure]]


def on_the_phone(folder: Path) -> Found:
    """Everything that is measured in the browser; the server runs for the first download only."""
    company = dataset.copy_of(CUSTOMERS, folder / "company")
    company.start()
    try:
        with sync_playwright() as playwright:
            phone = Phone(playwright, folder / "profile", company.origin)
            measures = starts.first_load(phone, company)
            company.stop()
            measures += starts.cold_starts(phone)
            about = use(phone, measures)
            phone.close()
    finally:
        company.stop()
    assert not phone.problems, phone.problems
    return {"phone": about}, measures


def use(phone: Phone, measures: list[Measure]) -> str:
    """Work offline on a slowed phone, then on a quick one; returns what kind of phone it was."""
    phone.slowdown = 1
    phone.open()
    phone.start()
    quick = phone.spin()
    phone.slow_down(4)
    slow = phone.spin()
    measures += [act(phone) for act in ACTS]
    measures += inputs.slow_saves(phone)
    phone.slow_down(1)
    measures.append(inputs.quick_saves(phone))
    return (
        f"360×640, offline, {CUSTOMERS:,} customers, {dataset.interactions(CUSTOMERS):,} interactions; "
        f"CPU 4× made a fixed loop {slow / quick:.1f} times slower"
    )


def on_the_server(folder: Path) -> Found:
    """Push, pull and snapshot on each database."""
    about: dict[str, str] = {}
    measures: list[Measure] = []
    with server.backends(folder) as found:
        for name, url, raw_url in found:
            about[name], measured = server.measure(name, url, raw_url, folder, ROWS)
            measures += measured
    return about, measures


def main() -> None:
    """Measure, print, keep."""
    dataset.prepared(CUSTOMERS)
    about = conditions.machine()
    measures: list[Measure] = []
    for name, part in (("server", on_the_server), ("phone", on_the_phone)):
        if ONLY in ("", name):
            with tempfile.TemporaryDirectory(prefix="baifang-bench-") as folder:
                os.chmod(folder, 0o755)
                found, measured = part(Path(folder))
            about |= found
            measures += measured
    about["load at end"] = conditions.load()
    file = dataset.CACHE / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}.json"
    report.save(file, about, measures)
    print(report.markdown(about, measures))
    print(f"\nEvery value is in {file}", file=sys.stderr)


if __name__ == "__main__":
    main()
