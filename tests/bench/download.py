"""A new device's first download beside the least it could cost: bare Dexie, the same rows, the same browser."""

import json

from tests.bench import search, starts
from tests.bench.measure import Measure
from tests.bench.phone import Phone
from tests.bench.report import ROOT
from tests.e2e.company import Company

ENTRY = ROOT / "tests" / "bench" / "download.ts"
INDEXED = "[entity+pk],[entity+parent+at],[scope+gen],ref"
"""The mirror's own indexes; the app keeps nothing it could find a row by without them."""
PLAIN = "[entity+pk]"
AIM = 1.3


def measure(phone: Phone, company: Company) -> list[Measure]:
    """Download everything as a new device, then put its rows again with and without the indexes."""
    phone.open()
    downloaded = starts.download(phone, company)
    phone.rest()
    bundled = search.bundle(ENTRY, "downloading")
    [name] = [name for name in phone.databases() if name.startswith("baifang-")]
    indexed, plain = [
        phone.page.evaluate(f"() => {{ {bundled}\n return downloading.timeBare({json.dumps(name)}, '{schema}'); }}")
        for schema in (INDEXED, PLAIN)
    ]
    phone.close()
    rows = f"{indexed['rows']:,} rows"
    return [
        Measure(f"first download, {rows}: sign-in until all is there", "s", [downloaded]),
        Measure("the same rows by bare Dexie, the mirror's indexes", "s", [indexed["ms"] / 1_000]),
        Measure("the same rows by bare Dexie, no index", "s", [plain["ms"] / 1_000]),
        Measure("first download against bare Dexie with indexes", "×", [downloaded * 1_000 / indexed["ms"]], aim=AIM),
    ]
